import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { refuseOtherHandsOn } from '../../src/config/other-hands.ts'
import { bhor, newFolder } from '../support/at-the-terminal.ts'
import { canBeAnother, otherUser } from '../support/other-user.ts'

const secret = 'canary-api-secret'
const commands: readonly (readonly string[])[] = [
  ['accounts', 'add', 'demo', '--broker', 'kite', '--api-key', 'k', '--api-secret-file', '-'],
  ['token', 'demo'],
  ['status'],
]

/** A socket of somebody who keeps what comes. */
async function impostor(path: string): Promise<AsyncDisposable & { readonly heard: string[] }> {
  const heard: string[] = []
  const server = createServer((socket) =>
    socket.on('data', (chunk) => {
      heard.push(chunk.toString('utf8'))
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]')
    }),
  )
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    heard,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function newPlace(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'bhor-hands-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

async function assertNothingSent(home: string, heard: readonly string[], said: RegExp): Promise<void> {
  using folder = newFolder()
  for (const args of commands) {
    const { code, stdout, stderr } = await bhor({ ...folder.env, BHOR_HOME: home }, args, secret)
    assert.deepEqual([code, stdout], [5, ''], stderr)
    assert.match(stderr, said)
    assert.ok(!stderr.includes(secret))
  }
  assert.deepEqual(heard, [])
}

test('nothing is sent to a socket below a folder in which others can write', async () => {
  using place = newPlace()
  const home = join(place.path, 'home')
  mkdirSync(home, { mode: 0o700 })
  await using other = await impostor(join(home, 'bhor.sock'))
  chmodSync(join(home, 'bhor.sock'), 0o600)
  for (const mode of [0o770, 0o777, 0o702]) {
    chmodSync(place.path, mode)
    await assertNothingSent(home, other.heard, /bhor-hands-\w+ can be written by others\.\n.*chmod go-w/)
  }
  chmodSync(place.path, 0o700)
  chmodSync(home, 0o770)
  await assertNothingSent(home, other.heard, /\/home can be written by others/)
  chmodSync(home, 0o700)
  chmodSync(join(home, 'bhor.sock'), 0o666)
  await assertNothingSent(home, other.heard, /bhor\.sock can be written by others/)
  // And so that the test is known to look at the right socket:
  chmodSync(join(home, 'bhor.sock'), 0o600)
  using folder = newFolder()
  await bhor({ ...folder.env, BHOR_HOME: home }, ['status'])
  assert.ok(other.heard.length > 0)
})

test('nothing is sent to a socket, a folder or a link of another user', async (t) => {
  if (!canBeAnother(t)) return
  using place = newPlace()
  const theirs = join(place.path, 'theirs')
  const home = join(theirs, 'home')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const socket = join(home, 'bhor.sock')
  await using other = await impostor(socket)
  chmodSync(socket, 0o600)
  chownSync(theirs, otherUser, otherUser)
  await assertNothingSent(home, other.heard, /\/theirs belongs to another user/)
  chownSync(theirs, 0, 0)
  chownSync(socket, otherUser, otherUser)
  await assertNothingSent(home, other.heard, /bhor\.sock belongs to another user/)
  chownSync(socket, 0, 0)
  chownSync(theirs, otherUser, otherUser)
  const link = join(place.path, 'link')
  symlinkSync(home, link)
  await assertNothingSent(link, other.heard, /\/theirs belongs to another user/)
})

test('no server starts where another could exchange its master key', async () => {
  using folder = newFolder()
  using place = newPlace()
  chmodSync(place.path, 0o777)
  const { code, stderr } = await bhor({ ...folder.env, BHOR_HOME: join(place.path, 'home') }, ['serve'])
  assert.equal(code, 5, stderr)
  assert.match(stderr, /can be written by others/)
})

test('root, this user and folders like /tmp are trusted; links are followed and judged alike', () => {
  if (process.getuid === undefined) return
  using place = newPlace()
  const self = process.getuid()
  const inside = join(place.path, 'inside')
  mkdirSync(inside, { mode: 0o700 })
  writeFileSync(join(inside, 'file'), '', { mode: 0o600 })
  const link = join(place.path, 'link')
  symlinkSync('inside', link)
  for (const path of [inside, join(inside, 'file'), join(link, 'file'), join(inside, 'not', 'there')])
    refuseOtherHandsOn(path, 'It', self)
  if (self !== 0) assert.throws(() => refuseOtherHandsOn(inside, 'It', self + 1), /another user/)
  chmodSync(inside, 0o770)
  assert.throws(() => refuseOtherHandsOn(join(link, 'file'), 'It', self), /inside can be written by others/)
  symlinkSync('round', join(place.path, 'round'))
  refuseOtherHandsOn(join(place.path, 'round'), 'It', self)
})
