import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Ended } from './support/at-the-terminal.ts'
import { type InstalledPackage, installPackage } from './support/installed-package.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  scripts: Record<string, string>
  exports: Record<string, string | { types: string; default: string }>
}
/** What a program can import, as it writes it. */
const entries = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => `bhor${path.slice(1)}`)

let bhor: InstalledPackage
before(async () => {
  bhor = await installPackage()
})
after(() => bhor[Symbol.asyncDispose]())

function ended(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  )
}

test('the package holds what is built and what explains it, and nothing else', () => {
  const others = bhor.files.filter(
    (path) => !/^(dist\/|docs\/|clients\/|examples\/|[A-Z]+\.md$|LICENSE$|package\.json$)/.test(path),
  )
  assert.deepEqual(others, [])
  assert.deepEqual(
    bhor.files.filter((path) => /\.test\.|\.test-d\.|fixtures|\.node$|binding\.gyp|master\.key/.test(path)),
    [],
  )
  for (const target of Object.values(manifest.exports).flatMap((each) =>
    typeof each === 'string' ? each : Object.values(each),
  ))
    assert.ok(bhor.files.includes(target.slice(2)), target)
})

test('no package of it runs a script at its installation, and none is native', () => {
  const installing = [
    'preinstall',
    'install',
    'postinstall',
    'prepublish',
    'prepare',
    'preprepare',
    'postprepare',
  ]
  const folders = readdirSync(join(bhor.project, 'node_modules'), {
    recursive: true,
    encoding: 'utf8',
    withFileTypes: true,
  })
  const packages = folders.filter(
    (each) => each.name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/]+$/.test(each.parentPath),
  )
  assert.ok(packages.length > 40)
  for (const { parentPath } of packages) {
    const { name, scripts = {} } = JSON.parse(readFileSync(join(parentPath, 'package.json'), 'utf8')) as {
      name: string
      scripts?: Record<string, string>
    }
    // What of these npm runs for a package from a registry.
    assert.deepEqual(
      Object.keys(scripts).filter((each) => installing.slice(0, 3).includes(each)),
      [],
      name,
    )
    assert.ok(!existsSync(join(parentPath, 'binding.gyp')), name)
  }
  assert.deepEqual(
    Object.keys(manifest.scripts).filter((each) => installing.includes(each)),
    [],
  )
  assert.deepEqual(
    folders.filter((each) => /\.(node|so|dylib|dll|wasm)$/.test(each.name)).map(({ name }) => name),
    [],
  )
})

test('every entry can be imported in an empty project, and nothing beside them', async () => {
  assert.ok(entries.length > 3)
  const program = `
    const found = {}
    for (const entry of ${JSON.stringify(entries)}) found[entry] = Object.keys(await import(entry)).length
    for (const deep of ['bhor/dist/index.js', 'bhor/dist/cli/main.js', 'bhor/src/index.ts', 'bhor/cli', 'bhor/dist/core/errors.js'])
      found[deep] = await import(deep).then(() => 'open', (error) => error.code)
    console.log(JSON.stringify(found))`
  const { code, stdout, stderr } = await ended(process.execPath, ['--input-type=module', '-e', program], {
    cwd: bhor.project,
  })
  assert.equal(code, 0, stderr)
  for (const [entry, found] of Object.entries(JSON.parse(stdout) as Record<string, number | string>))
    if (entries.includes(entry)) assert.ok(Number(found) > 0, entry)
    else assert.equal(found, 'ERR_PACKAGE_PATH_NOT_EXPORTED', entry)
})

test('every entry is typed, for whoever checks strictly', async () => {
  const lines = entries.map(
    (entry, at) =>
      `import * as entry${at} from '${entry}'\nexport const keys${at}: readonly (keyof typeof entry${at})[] = []`,
  )
  writeFileSync(join(bhor.project, 'all.ts'), `${lines.join('\n')}\n`)
  writeFileSync(
    join(bhor.project, 'wrong.ts'),
    "import { openBhor } from 'bhor'\nexport const bhor: number = openBhor\n",
  )
  mkdirSync(join(bhor.project, 'node_modules', '@types'), { recursive: true })
  for (const name of ['@types/node', 'undici-types'])
    symlinkSync(join(root, 'node_modules', name), join(bhor.project, 'node_modules', name))
  const options = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--module',
    'nodenext',
    '--target',
    'esnext',
    '--lib',
    'esnext',
    '--types',
    'node',
  ]
  const tsc = (...files: string[]) =>
    ended(join(root, 'node_modules', '.bin', 'tsc'), [...options, ...files], { cwd: bhor.project })
  const { code, stdout } = await tsc('all.ts')
  assert.deepEqual([code, stdout], [0, ''])
  assert.match((await tsc('wrong.ts')).stdout, /wrong\.ts\(2,14\): error TS2322/)
})

test('npm install --global gives a command that works where cron runs it', async () => {
  // An old Node is on PATH; the one of the last run is known.
  const [home, tools] = [join(bhor.folder, 'home'), join(bhor.folder, 'tools')]
  mkdirSync(home)
  mkdirSync(tools)
  writeFileSync(
    join(bhor.folder, 'old.cjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })
    Object.defineProperty(process, 'execPath', { value: '${join(tools, 'node')}' })`,
  )
  writeFileSync(
    join(tools, 'node'),
    `#!/bin/sh\n[ "$1" = --version ] && { echo v20.1.0; exit; }\nexec '${process.execPath}' --require '${join(bhor.folder, 'old.cjs')}' "$@"\n`,
    { mode: 0o755 },
  )
  const bare = (path: string, args: readonly string[], more: readonly string[] = []) =>
    ended('env', ['-i', `PATH=${path}`, `HOME=${home}`, ...more, bhor.command, ...args], {})
  const cron = '/usr/local/bin:/usr/bin:/bin'
  const first = await bare(`${tools}:${cron}`, ['--version'])
  const isNewHere = first.code === 0
  if (!isNewHere) assert.match(first.stderr, /^bhor: bhor needs Node 26\.5\.1 or newer; this is 20\.1\.0/)
  const wished = [`BHOR_NODE=${process.execPath}`]
  assert.equal((await bare(`${tools}:${cron}`, ['--version'], wished)).stdout, `${manifest.version}\n`)
  // The terminal in which it was tried has the right Node on PATH; from then on it is known.
  const terminal = join(process.execPath, '..')
  assert.equal((await bare(`${terminal}:${cron}`, ['--version'])).stdout, `${manifest.version}\n`)
  const { code, stdout, stderr } = await bare(`${tools}:${cron}`, ['status', '--json'])
  assert.deepEqual([code, stdout, stderr.includes('needs Node')], [0, '[]\n', false])
})

test('bhor demo of the installed package ends at a live account', async () => {
  const place = mkdtempSync(join(bhor.folder, 'tmp-'))
  const child = spawn(bhor.command, ['demo'], {
    env: {
      PATH: `${join(process.execPath, '..')}:/usr/bin:/bin`,
      TMPDIR: place,
      HOME: join(bhor.folder, 'home'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.includes('Ctrl-C ends it')) child.kill('SIGINT')
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  assert.equal(code, 0, said)
  assert.match(said, /the account demo is live until/)
  assert.deepEqual(readdirSync(place), [])
})
