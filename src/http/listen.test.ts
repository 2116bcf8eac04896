import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { exchange } from '../cli/wire.ts'
import { closeServer, listenOnLoopback, listenOnPort, listenOnSocket, portFault } from './listen.ts'

const { createServer } = process.getBuiltinModule('node:http')

function newFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'bhor-listen-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
const newServer = () => createServer((_request, response) => response.end('{}'))
const code = (wanted: string, said: RegExp) => (error: unknown) => {
  const { code: got, message } = error as { code: string; message: string }
  assert.equal(got, wanted)
  assert.match(message, said)
  return true
}

test('a port that is taken is named', async () => {
  const [first, second] = [newServer(), newServer()]
  await listenOnPort(first, 0, '127.0.0.1')
  const { port, address } = first.address() as AddressInfo
  assert.equal(address, '127.0.0.1')
  await assert.rejects(
    listenOnPort(second, port, '127.0.0.1'),
    code('port_in_use', new RegExp(`^Port ${port} is in use`)),
  )
  await closeServer(first)
})

/** Some containers have no ::1. */
const addresses = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)
  ? ['127.0.0.1', '::1']
  : ['127.0.0.1']

test('the port is held at every loopback address that there is, and all lead to the same server', async () => {
  for (const host of addresses) {
    const server = newServer()
    await listenOnLoopback(server, 0, host)
    const { port } = server.address() as AddressInfo
    for (const at of addresses) {
      assert.equal((await exchange({ host: at, port }, 'GET', '/')).text, '{}', at)
      await assert.rejects(listenOnPort(newServer(), port, at), code('port_in_use', /in use/))
    }
    await closeServer(server)
    for (const at of addresses)
      await assert.rejects(exchange({ host: at, port }, 'GET', '/'), { code: 'ECONNREFUSED' })
  }
})

test('where somebody else has the port at the other address, nothing is served at all', async () => {
  for (const theirs of addresses.slice(1)) {
    const stranger = newServer()
    await listenOnPort(stranger, 0, theirs)
    const { port } = stranger.address() as AddressInfo
    const server = newServer()
    await assert.rejects(
      listenOnLoopback(server, port, '127.0.0.1'),
      code('port_in_use', new RegExp(`^Port ${port} is in use by another program at ${theirs}`)),
    )
    assert.equal(server.listening, false)
    await assert.rejects(exchange({ host: '127.0.0.1', port }, 'GET', '/'), { code: 'ECONNREFUSED' })
    await closeServer(stranger)
  }
})

test('what else a bind can fail of', () => {
  const fault = (errno: string) => portFault(Object.assign(new Error(errno), { code: errno }), 80, '::1')
  assert.ok(code('port_in_use', /^Port 80 is reserved by the system for root/)(fault('EACCES')))
  assert.ok(code('config_invalid', /^This computer has no address ::1/)(fault('EADDRNOTAVAIL')))
  assert.ok(code('config_invalid', /no address/)(fault('EAFNOSUPPORT')))
  assert.equal((fault('EMFILE') as Error).message, 'EMFILE')
})

test('the socket is ours alone from its first moment, under every umask', async () => {
  using folder = newFolder()
  for (const mask of [0o000, 0o002, 0o022, 0o077]) {
    const path = join(folder.path, `${mask}.sock`)
    const before = process.umask(mask)
    const server = newServer()
    try {
      const listening = listenOnSocket(server, path)
      assert.equal(statSync(path).mode & 0o777, 0o600)
      assert.equal(process.umask(), mask)
      await listening
      assert.equal(statSync(path).mode & 0o777, 0o600)
    } finally {
      process.umask(before)
      await closeServer(server)
    }
  }
})

test('a socket that a dead server left is replaced, that of a living one is not', async () => {
  using folder = newFolder()
  const path = join(folder.path, 'bhor.sock')
  const living = newServer()
  await listenOnSocket(living, path)
  await assert.rejects(
    listenOnSocket(newServer(), path),
    code('port_in_use', /Another bhor answers on the socket/),
  )
  assert.equal((await exchange({ path }, 'GET', '/')).status, 200)
  await closeServer(living)
  assert.equal(existsSync(path), false)
  // A server that was killed: the name stays, nobody answers.
  const { spawnSync } = await import('node:child_process')
  const dying = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', dying])
  assert.ok(statSync(path).isSocket())
  const next = newServer()
  await listenOnSocket(next, path)
  assert.equal((await exchange({ path }, 'GET', '/')).status, 200)
  await closeServer(next)
})

test('what is no socket is left alone', async () => {
  using folder = newFolder()
  const file = join(folder.path, 'file')
  const inner = join(folder.path, 'folder')
  writeFileSync(file, 'mine')
  mkdirSync(inner)
  for (const path of [file, inner]) {
    await assert.rejects(listenOnSocket(newServer(), path), code('store_foreign', /there is something else/))
    assert.ok(existsSync(path))
  }
})

test('a path that no socket can have is told before it is cut short', async () => {
  const path = join('/tmp', 'x'.repeat(120), 'bhor.sock')
  await assert.rejects(listenOnSocket(newServer(), path), code('config_invalid', /too long for a socket/))
})
