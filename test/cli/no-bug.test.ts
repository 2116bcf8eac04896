import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import {
  bhor,
  commandLine,
  type Ended,
  freePort,
  newFolder,
  startServer,
} from '../support/at-the-terminal.ts'
import { canBeAnother, otherUser } from '../support/other-user.ts'

/** What surroundings cause is said as what it is: never as a bug, never with a stack. */
function assertSaid({ code, stderr }: Ended, exit: number, said: RegExp): void {
  assert.equal(code, exit, stderr)
  assert.match(stderr, said)
  assert.doesNotMatch(stderr, /bug in bhor|went wrong|\n\s+at |node:internal/)
}

test('a desk over https or http at which nobody answers', async () => {
  using folder = newFolder()
  const key = `bhor_${'k'.repeat(43)}`
  const port = await freePort()
  const silent = createServer((socket) => socket.end('no TLS here'))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const plain = (silent.address() as { port: number }).port
  for (const address of [
    `https://127.0.0.1:${port}`,
    `https://127.0.0.1:${plain}`,
    `http://127.0.0.1:${port}`,
  ])
    for (const args of [['token', 'demo'], ['status']])
      assertSaid(
        await bhor({ ...folder.env, BHOR_URL: address, BHOR_KEY: key }, args),
        6,
        /No bhor server answers at https?:\/\/127\.0\.0\.1:\d+\./,
      )
  silent.close()
})

test('a server that stops while a command asks', async () => {
  using folder = newFolder()
  const stopping = createServer((socket) =>
    socket.on('data', () => socket.resetAndDestroy()).on('error', () => {}),
  )
  const dying = createServer((socket) => socket.on('data', () => socket.destroy()).on('error', () => {}))
  const key = `bhor_${'k'.repeat(43)}`
  await new Promise<void>((resolve) => stopping.listen(0, '127.0.0.1', resolve))
  const { port } = stopping.address() as { port: number }
  const overTcp = { ...folder.env, BHOR_URL: `http://127.0.0.1:${port}`, BHOR_KEY: key }
  assertSaid(await bhor(overTcp, ['token', 'demo']), 6, /The server broke off its answer/)
  stopping.close()
  await new Promise<void>((resolve) => dying.listen(join(folder.home, 'bhor.sock'), resolve))
  chmodSync(join(folder.home, 'bhor.sock'), 0o600)
  for (const args of [['token', 'demo'], ['status']])
    assertSaid(await bhor(folder.env, args), 6, /The server broke off its answer/)
  dying.close()
})

test('a passphrase file that is missing, a folder, open to others, empty, or not UTF-8', async () => {
  using folder = newFolder()
  const file = join(folder.home, 'passphrase')
  const env = { ...folder.env, BHOR_PASSPHRASE_FILE: file }
  assertSaid(await bhor(env, ['status']), 5, /The file with the passphrase is not there/)
  for (const [content, mode, said] of [
    ['', 0o600, /The passphrase is empty/],
    ['five random words are enough\n', 0o644, /is open to other users: chmod 600/],
    [Buffer.from('caf\xe9 au lait tous les jours\n', 'latin1'), 0o600, /The passphrase is not UTF-8/],
  ] as const) {
    writeFileSync(file, content)
    chmodSync(file, mode)
    assertSaid(await bhor(env, ['status']), 5, said)
  }
  writeFileSync(file, '\ufefffive random words are enough\r\n')
  assertSaid(await bhor(env, ['status']), 0, /No accounts yet/)
  writeFileSync(file, 'five random words are enough')
  assertSaid(await bhor(env, ['status']), 0, /No accounts yet/)
  rmSync(file)
  mkdirSync(file)
  assertSaid(await bhor(env, ['status']), 5, /is a folder/)
})

test('a disk that takes nothing more when the server ends', async () => {
  using folder = newFolder()
  await using server = await startServer(folder.env)
  // Every write to a file fails from now on, whoever bhor runs as.
  await promisify(execFile)('prlimit', ['--pid', String(server.child.pid), '--fsize=0'])
  const ended = await server.stop('SIGTERM')
  assert.notEqual(ended.code, 0)
  assertSaid(ended, ended.code, /\nbhor: .*(?:disk|store).*\n {6}Try: /i)
})

test('a data folder that became read-only when the server ends', async () => {
  using folder = newFolder()
  // Root may write everywhere, unless it gives that up.
  const isRoot = process.getuid?.() === 0
  const prefix = isRoot ? 'setpriv --bounding-set=-dac_override,-dac_read_search' : ''
  const shell = spawn('/bin/sh', ['-c', `exec ${prefix} ${commandLine} serve`], { env: folder.env })
  let stderr = ''
  const ended = new Promise<Ended>((resolve) =>
    shell.once('close', (code) => resolve({ code: code ?? -1, stdout: '', stderr })),
  )
  await new Promise<void>((resolve, reject) => {
    shell.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      if (stderr.includes('is up at')) resolve()
    })
    void ended.then(() => reject(new Error(stderr)))
  })
  chmodSync(folder.home, 0o500)
  shell.kill('SIGTERM')
  const { code } = await ended
  chmodSync(folder.home, 0o700)
  assertSaid({ code, stdout: '', stderr }, code, /./)
  assert.ok(code === 0 || /\nbhor: .*\n {6}Try: /.test(stderr), stderr)
})

test('a user without HOME and without a line in the list of users', async (t) => {
  if (!canBeAnother(t)) return
  const place = mkdtempSync(join(tmpdir(), 'bhor-nobody-'))
  chmodSync(place, 0o755)
  try {
    const [node, entry] = [join(place, 'node'), join(place, 'dist', 'cli', 'bhor.js')]
    const root = new URL('../../', import.meta.url)
    // Both may lie below a folder that only root may enter.
    cpSync(process.execPath, node, { dereference: true })
    cpSync(new URL('dist/cli/bhor.js', root), entry)
    cpSync(new URL('package.json', root), join(place, 'package.json'))
    const ended = await new Promise<Ended>((resolve) =>
      execFile(
        node,
        [entry, 'token', 'demo'],
        { uid: otherUser, gid: otherUser, env: { PATH: process.env.PATH }, cwd: '/' },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      ),
    )
    assertSaid(ended, 2, /knows no home folder[^\n]*\n {6}Try: Set BHOR_HOME/)
  } finally {
    rmSync(place, { recursive: true })
  }
})

test('a data folder that is written with ~, or that no system can make', async () => {
  using folder = newFolder()
  const env = { ...folder.env, HOME: folder.home, BHOR_HOME: '~/data' }
  assertSaid(await bhor(env, ['status']), 0, /No accounts yet/)
  assert.ok(existsSync(join(folder.home, 'data', 'master.key')))
  assert.ok(!existsSync('~'))
  assertSaid(await bhor({ ...env, BHOR_HOME: '~papa/data' }, ['status']), 2, /folder of another user/)
  for (const home of ['/proc/x', '/proc/x/y/z', '/proc/self/x'])
    for (const args of [['status'], ['serve']])
      assertSaid(
        await bhor({ ...env, BHOR_HOME: home }, args),
        5,
        /^bhor: The data folder \/proc\/.* cannot be made/m,
      )
  const database = { ...env, BHOR_DATABASE_URL: 'sqlite:/proc/x/y/bhor.db' }
  assertSaid(await bhor(database, ['status']), 5, /cannot be made/)
})

test('variables that are set to nothing are not set', async () => {
  using folder = newFolder()
  const env = { ...folder.env, BHOR_URL: '', BHOR_KEY: '', BHOR_PASSPHRASE_FILE: '', BHOR_DATABASE_URL: '' }
  for (const args of [['status'], ['config'], ['accounts', 'list'], ['doctor']])
    assertSaid(await bhor(env, args), 0, /^/)
  assertSaid(await bhor(env, ['token', 'demo']), 3, /^bhor: There is no account/)
})
