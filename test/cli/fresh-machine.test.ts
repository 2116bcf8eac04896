import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { newFolder } from '../support/at-the-terminal.ts'
import { canBeAnother, makeUser } from '../support/other-user.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'bhor-fresh-'))
after(() => rmSync(place, { recursive: true, force: true }))

/** Of all tests the one that needs most of its machine. */
const oneTest = `
import { test } from 'node:test'
import { startPostgres } from '../support/postgres.ts'
test('PostgreSQL answers', async () => {
  await using server = await startPostgres()
  await server.run(await server.freshDatabase(), 'select 1')
})
`

/** A checkout of its own with everything in it that a first run brings: in a path with blanks and quotes. */
function checkout(name: string): { readonly parent: string; readonly folder: string } {
  const parent = join(place, name)
  const folder = join(parent, `it's a "clone"`)
  mkdirSync(folder, { recursive: true })
  execFileSync(
    '/bin/sh',
    ['-c', 'git ls-files -co --exclude-standard -z | xargs -0 cp -P --parents -t "$0"', folder],
    { cwd: root },
  )
  // Hard links where they can be had: half a gigabyte.
  const link = 'cp -al "$1" "$0" 2>/dev/null || { rm -rf "$0"; cp -a "$1" "$0"; }'
  execFileSync('/bin/sh', [
    '-c',
    link,
    join(folder, 'node_modules'),
    execFileSync('realpath', [join(root, 'node_modules')], { encoding: 'utf8' }).trim(),
  ])
  execFileSync('cp', ['-a', join(root, 'dist'), folder])
  mkdirSync(join(folder, 'test', 'one'))
  writeFileSync(join(folder, 'test', 'one', 'one.test.ts'), oneTest)
  return { parent, folder }
}

interface Done {
  readonly code: number
  readonly said: string
}

function npm(
  folder: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; uid?: number } = {},
): Promise<Done> {
  return outcomeOf(run('npm', folder, args, options))
}

function run(
  command: string,
  cwd: string,
  args: readonly string[],
  { env = {}, uid }: { env?: NodeJS.ProcessEnv; uid?: number },
): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(BHOR_|NODE_|POSTGRES_|BROWSER_|npm_)/.test(key),
  )
  return spawn(command, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
}

function outcomeOf(child: ChildProcess): Promise<Done> {
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, said })))
}

/** Starts the server of a checkout, and ends it again. */
async function assertStarts(folder: string, env: NodeJS.ProcessEnv, uid?: number): Promise<void> {
  const child = run('npm', folder, ['start'], { env, ...(uid === undefined ? {} : { uid }) })
  const ended = outcomeOf(child)
  child.stderr!.on('data', (text: string) => {
    if (text.includes('is up at')) child.kill()
  })
  const { said } = await ended
  assert.match(said, /is up at http/)
}

test('as root, below a folder that only root may enter, with a strict umask: PostgreSQL is reached all the same', async (t) => {
  if (!canBeAnother(t)) return
  const { parent, folder } = checkout('private')
  chmodSync(parent, 0o700)
  chmodSync(place, 0o700)
  using home = newFolder()
  const mask = process.umask(0o077)
  const { code, said } = await npm(folder, ['test', '--', 'test/one'], {
    env: { TMPDIR: parent },
  })
  process.umask(mask)
  assert.equal(code, 0, said.slice(-2000))
  assert.match(said, /✔ PostgreSQL answers/)
  await assertStarts(folder, home.env)
})

test('as a user without sudo, below a folder that cannot be written: it works, or says what to bring', async (t) => {
  if (!canBeAnother(t)) return
  using user = makeUser()
  const { uid } = user
  chmodSync(place, 0o755)
  const { parent, folder } = checkout('users')
  execFileSync('/bin/sh', [
    '-c',
    'find "$0" -path "*/node_modules" -prune -o -exec chown -h "$1" {} +',
    folder,
    `${uid}:${uid}`,
  ])
  const home = join(place, 'home')
  mkdirSync(home)
  execFileSync('chown', [`${uid}:${uid}`, home])
  chmodSync(parent, 0o555)
  assert.equal(statSync(parent).uid, 0)
  const env = { HOME: home, TMPDIR: home, BHOR_PORT: '0', BHOR_SIMULATOR_PORT: '0' }
  const { code, said } = await npm(folder, ['test', '--', 'test/one'], {
    env,
    uid,
  })
  assert.equal(code, 0, said.slice(-2000))
  assert.match(said, /✔ PostgreSQL answers/)
  await assertStarts(folder, { ...env, BHOR_HOME: join(home, 'data') }, uid)

  // Neither Chromium nor a right to install it.
  const tools = join(place, 'tools')
  mkdirSync(tools)
  symlinkSync(execFileSync('sh', ['-c', 'command -v node'], { encoding: 'utf8' }).trim(), join(tools, 'node'))
  for (const extra of ['', 'apt-get', 'sudo']) {
    if (extra) {
      writeFileSync(join(tools, extra), '#!/bin/sh\nexit 1\n')
      chmodSync(join(tools, extra), 0o755)
    }
    const bare = run(join(tools, 'node'), folder, ['scripts/test.mjs', 'src/core'], {
      env: { ...env, PATH: tools, CHROMIUM: '' },
      uid,
    })
    const missing = await outcomeOf(bare)
    assert.equal(missing.code, 1, missing.said)
    const advice = extra ? ' As root: apt-get install -y .*chromium .*jq.*\\.' : ''
    assert.match(
      missing.said,
      new RegExp(`^bhor: for the tests is missing: Chromium or Chrome, zsh, .*\\.${advice} A browser `, 'm'),
    )
    assert.doesNotMatch(missing.said, /\n\s+at /)
  }
})

test('a checkout that is reached through a link is built like any other', async () => {
  const { folder } = checkout('linked')
  const link = join(place, 'link')
  symlinkSync(folder, link)
  rmSync(join(folder, 'dist', '.built-from'))
  const { code, said } = await outcomeOf(run('node', link, [join(link, 'scripts', 'build.mjs')], {}))
  assert.deepEqual([code, /building/.test(said)], [0, true], said)
})
