import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { transformWithOxc } from 'vite'
import { homeFolder } from '../../src/config/home.ts'
import { errorTable } from '../../src/core/errors.ts'
import type { Ended } from '../support/at-the-terminal.ts'
import { newFolder } from '../support/at-the-terminal.ts'

const built = fileURLToPath(new URL('../../dist/cli/launcher.cjs', import.meta.url))
const launcher = createRequire(import.meta.url)('../../src/cli/launcher.cts') as {
  dataFolder(env: Readonly<Record<string, string | undefined>>, platform: string): string
  isNewEnough(version: string | undefined): boolean
  hints: Readonly<Record<'runtime_too_old' | 'runtime_unusable', string>>
}

/** A launcher with nothing beside it but an entry that says who runs it, and Nodes of every age. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-launcher-'))
  const [package_, home, log] = [
    join(folder, 'package', 'dist', 'cli'),
    join(folder, 'home'),
    join(folder, 'log'),
  ]
  mkdirSync(package_, { recursive: true })
  mkdirSync(home, { mode: 0o700 })
  copyFileSync(built, join(package_, 'launcher.cjs'))
  writeFileSync(join(folder, 'package', 'package.json'), '{"type":"module"}')
  writeFileSync(join(package_, 'bhor.js'), 'console.log(JSON.stringify(process.argv.slice(2)))\n')
  /** A program `node` in a folder of its own, which says a version and notes when it runs something. */
  const node = (name: string, version: string) => {
    const at = join(folder, name)
    mkdirSync(at)
    // An old one also lacks what old ones lack.
    const old = join(at, 'old.cjs')
    writeFileSync(
      old,
      `delete process.getBuiltinModule; delete globalThis.Temporal
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })
      Object.defineProperty(process, 'execPath', { value: '${join(at, 'node')}' })`,
    )
    writeFileSync(
      join(at, 'node'),
      `#!/bin/sh
[ "$1" = --version ] && { echo 'v${version}'; exit; }
echo '${name}' >> '${log}'
exec '${process.execPath}' --require '${old}' "$@"
`,
      { mode: 0o755 },
    )
    return join(at, 'node')
  }
  const old = node('old', '18.20.8')
  const run = (
    env: Readonly<Record<string, string>>,
    path: readonly string[] = [],
  ): Ended & { on: string[] } => {
    rmSync(log, { force: true })
    const folders = ['old', ...path].map((name) => join(folder, name))
    const ended = endedOf(old, [join(package_, 'launcher.cjs'), 'token', 'a b'], {
      PATH: [...folders, '/usr/bin', '/bin'].join(':'),
      HOME: folder,
      BHOR_HOME: home,
      ...env,
    })
    const on = readFileSync(log, 'utf8').trim().split('\n').slice(1)
    return { ...ended, on }
  }
  return {
    folder,
    home,
    node,
    run,
    remembered: join(home, 'node-path'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function endedOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Ended {
  try {
    const stdout = execFileSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    return { code: 0, stdout, stderr: '' }
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
    return { code: status, stdout, stderr }
  }
}

test('any Node from 18 on can read the file that the command starts with', async () => {
  const text = readFileSync(built, 'utf8')
  const [first = ''] = text.split('\n', 1)
  assert.equal(first, '#!/usr/bin/env node')
  // A script, as CommonJS is: an import or export would not parse.
  new Script(text.replace(first, ''), { filename: built })
  const [lowered, same] = await Promise.all(
    ['es2019', 'esnext'].map(
      async (target) => (await transformWithOxc(text, 'launcher.cjs', { target })).code,
    ),
  )
  assert.equal(lowered, same, 'nothing in it is newer than 2019')
  const newer = await transformWithOxc('a?.b ?? c', 'x.cjs', { target: 'es2019' })
  assert.notEqual(newer.code.trim(), 'a?.b ?? c;', 'this finds what is newer')
  const loaded = [...text.matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name)
  assert.ok(loaded.length > 3)
  assert.ok(
    loaded.every((name = '') => /^node:(fs|os|path|tty|child_process)$/.test(name)),
    String(loaded),
  )
  assert.equal(statSync(built).mode & 0o111, 0o111, 'it can be linked into a folder on PATH')
})

test('its words are those of the table, its folder that of the configuration', () => {
  assert.equal(launcher.hints.runtime_too_old, errorTable.runtime_too_old.hint)
  assert.equal(launcher.hints.runtime_unusable, errorTable.runtime_unusable.hint)
  for (const env of [
    {},
    { BHOR_HOME: '/data' },
    { BHOR_HOME: '~/data' },
    { XDG_STATE_HOME: '/state' },
    { XDG_STATE_HOME: 'relative' },
    { XDG_STATE_HOME: '' },
    { LOCALAPPDATA: '/local' },
  ] as Record<string, string>[])
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      assert.equal(
        launcher.dataFolder(env, platform),
        homeFolder(env, platform),
        JSON.stringify([env, platform]),
      )
  for (const [version, isEnough] of [
    ['26.5.1', true],
    ['26.10.0', true],
    ['27.0.0', true],
    ['26.5.0', false],
    ['26.4.9', false],
    ['9.99.99', false],
    [undefined, false],
  ] as const)
    assert.equal(launcher.isNewEnough(version), isEnough, String(version))
})

test('BHOR_NODE comes first, then the Node of the last run, then PATH; arguments arrive as they are', () => {
  using it = place()
  const wished = it.node('wished', '26.5.1')
  const before = it.node('before', '26.7.0')
  it.node('first', '26.5.0')
  it.node('second', '26.9.0')
  const onPath = ['first', 'second']
  const found = it.run({}, onPath)
  assert.deepEqual([found.code, found.stdout, found.on], [0, '["token","a b"]\n', ['second']])
  assert.equal(
    readFileSync(it.remembered, 'utf8'),
    `${join(it.folder, 'second', 'node')}\n`,
    'and remembered',
  )
  assert.equal(statSync(it.remembered).mode & 0o777, 0o600)
  assert.deepEqual(it.run({}).on, ['second'], 'as in a job of cron, whose PATH has none')

  writeFileSync(it.remembered, `${before}\n`)
  assert.deepEqual(it.run({}, onPath).on, ['before'])
  assert.deepEqual(it.run({ BHOR_NODE: wished }, onPath).on, ['wished'])
  assert.equal(
    readFileSync(it.remembered, 'utf8'),
    `${before}\n`,
    'what was wished for once is not remembered',
  )
})

test('a Node that is gone, was made old, or was named by somebody else is passed over', () => {
  using it = place()
  it.node('new', '26.9.0')
  const other = it.node('other', '26.8.0')
  writeFileSync(it.remembered, '/nowhere/node\n')
  assert.deepEqual(it.run({}, ['new']).on, ['new'])
  writeFileSync(it.remembered, `${it.node('aged', '22.0.0')}\n`)
  assert.deepEqual(it.run({}, ['new']).on, ['new'])
  writeFileSync(it.remembered, `${other}\n`)
  assert.deepEqual(it.run({}, ['new']).on, ['other'])
  chmodSync(it.remembered, 0o622)
  assert.deepEqual(it.run({}, ['new']).on, ['new'], 'others could have written it')
})

test('without a Node that is new enough one sentence says how to get one', () => {
  using it = place()
  it.node('older', '24.1.0')
  writeFileSync(it.remembered, '/nowhere/node\n')
  const { code, stdout, stderr, on } = it.run({}, ['older'])
  assert.deepEqual([code, stdout, on], [1, '', []])
  assert.match(
    stderr,
    /^bhor: bhor needs Node 26\.5\.1 or newer; this is 18\.20\.8, and PATH has none\. The one it ran on is gone: \/nowhere\/node\.\n {6}Try: Install Node 26 .*\n$/,
  )
})

test('a BHOR_NODE that is no Node, or an old one, is told and never passed over', () => {
  using it = place()
  it.node('new', '26.9.0')
  const aged = it.node('aged', '22.12.0')
  for (const [named, said] of [
    ['/nowhere/node', /^bhor: BHOR_NODE names no program: \/nowhere\/node\.$/m],
    [it.folder, /names no program/],
    ['/bin/true', /^bhor: What BHOR_NODE names is no Node: \/bin\/true\.$/m],
    [aged, /^bhor: BHOR_NODE names Node 22\.12\.0; bhor needs 26\.5\.1 or newer\.$/m],
    ['/no\u001b[31mwhere', /names no program: \/no\?\[31mwhere\./],
  ] as const) {
    const { code, stderr, on } = it.run({ BHOR_NODE: named }, ['new'])
    assert.deepEqual([code, on], [1, []], named)
    assert.match(stderr, said)
    assert.match(stderr, /Try: Correct BHOR_NODE, or unset it/)
  }
})

test('a home that cannot be written holds nothing up, and nothing is said of it', () => {
  using it = place()
  it.node('new', '26.9.0')
  const file = join(it.folder, 'file')
  writeFileSync(file, '')
  for (const home of [file, join(file, 'below'), '/proc/nowhere/bhor']) {
    const { code, stderr, on } = it.run({ BHOR_HOME: home }, ['new'])
    assert.deepEqual([code, stderr, on], [0, '', ['new']], home)
  }
  rmSync(it.home, { recursive: true })
  assert.equal(it.run({}, ['new']).code, 0)
  assert.equal(statSync(it.home).mode & 0o777, 0o700, 'a folder that is made is the user’s alone')
})

test('signals and exit codes pass through; a server does not outlive the old Node in front of it', async () => {
  using folder = newFolder()
  using it = place()
  // The old Node in front; a wish, so that the checkout's own Node does not come first.
  const started = () => {
    const child = spawn(join(it.folder, 'old', 'node'), [built, 'serve'], {
      env: { ...folder.env, BHOR_NODE: process.execPath },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    const origin = new Promise<string>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const [, at] = /is up at (\S+)/.exec(said) ?? []
        if (at) resolve(at)
      })
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    return { child, origin, ended, said: () => said }
  }
  const first = started()
  assert.match(await first.origin, /^http:/)
  first.child.kill('SIGTERM')
  assert.equal(await first.ended, 0, first.said())
  assert.match(first.said(), /Stopping \(SIGTERM\)/)

  const second = started()
  await second.origin
  second.child.kill('SIGKILL')
  // Its stderr is the server's too: it closes when both are gone.
  await second.ended
  assert.match(second.said(), /its parent has gone/)
  assert.ok(!existsSync(join(folder.home, 'bhor.sock')))
  const status = endedOf(join(it.folder, 'old', 'node'), [built, 'status', 'nobody'], {
    ...folder.env,
    BHOR_NODE: process.execPath,
  })
  assert.equal(status.code, 3, status.stderr)
})
