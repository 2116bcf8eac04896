import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { bhor, freePort, newFolder, startServer } from '../support/at-the-terminal.ts'
import { startImpostor } from '../support/impostor.ts'
import { canBeAnother, otherUser } from '../support/other-user.ts'
import { selfSigned } from '../support/self-signed.ts'

const sandbox = ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox']
const commands = [['token', 'demo'], ['status'], ['keys', 'list']] as const

test('no key goes to another user’s program at the desk’s port, whatever it answers', async (t) => {
  if (!canBeAnother(t)) return
  using folder = newFolder()
  using elsewhere = newFolder()
  const port = await freePort()
  const env = { ...folder.env, BHOR_PORT: String(port) }
  await bhor(env, sandbox)
  const key = (await bhor(env, ['keys', 'add', 'script', '--scopes', 'admin'])).stdout.trim()
  assert.match(key, /^bhor_/)
  const program = { ...elsewhere.env, BHOR_KEY: key, BHOR_URL: `http://127.0.0.1:${port}` }
  for (const json of ['{}', `{"proof":"${'0'.repeat(64)}"}`, '\u001b[2J']) {
    await using impostor = await startImpostor({ port, hosts: ['127.0.0.1'], uid: otherUser, json })
    for (const args of json === '{}' ? commands : commands.slice(0, 1)) {
      const { code, stdout, stderr } = await bhor(program, args)
      assert.deepEqual([code, stdout], [7, ''], stderr)
      assert.match(
        stderr,
        /did not prove that it knows this key, so the key was not sent\.\n {6}Try: Check BHOR_URL/,
      )
      assert.ok(!stderr.includes('\u001b'))
    }
    const heard = impostor.heard()
    assert.ok(heard.length > 0)
    for (const line of heard) assert.match(line, /^GET \/v1\/proof\?key=[0-9a-f]{8}&nonce=[\w-]{43} /)
    assert.ok(!heard.join().includes('authorization') && !heard.join().includes(key))
  }

  // Nor one that passes the question on to the genuine desk.
  await using server = await startServer(env)
  const relay = await freePort()
  await using impostor = await startImpostor({
    port: relay,
    hosts: ['127.0.0.1'],
    uid: otherUser,
    relayTo: port,
  })
  const passed = await bhor({ ...program, BHOR_URL: `http://127.0.0.1:${relay}` }, ['status'])
  assert.deepEqual([passed.code, passed.stdout], [7, ''], passed.stderr)
  assert.ok(impostor.heard().length === 1 && !impostor.heard().join().includes('authorization'))

  const { code, stdout, stderr } = await bhor({ ...program, BHOR_URL: server.origin }, ['status'])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /demo/)
  const unknown = await bhor({ ...program, BHOR_KEY: `bhor_${'x'.repeat(43)}` }, ['status'])
  assert.deepEqual([unknown.code, unknown.stdout], [7, ''])
  assert.match(unknown.stderr, /did not prove/)
})

test('localhost is refused by its name, before anything is asked', async () => {
  using folder = newFolder()
  for (const name of ['localhost', 'LOCALHOST', 'localhost.', 'x.localhost'])
    for (const args of [['token', 'demo'], ['status']]) {
      const url = { BHOR_URL: `http://${name}:7878`, BHOR_KEY: `bhor_${'k'.repeat(43)}` }
      const { code, stdout, stderr } = await bhor({ ...folder.env, ...url }, args)
      assert.deepEqual([code, stdout], [2, ''], stderr)
      assert.match(stderr, /\n {6}Try: Write http:\/\/127\.0\.0\.1 with the same port/)
    }
})

test('over https too, at the address that the desk knows as its public one', async () => {
  using folder = newFolder()
  using elsewhere = newFolder()
  const port = await freePort()
  const heard: string[] = []
  /** What stands in front of a desk on another computer: it speaks TLS and passes everything on. */
  const proxy = createServer({ key: selfSigned.key, cert: selfSigned.cert }, (message, response) => {
    heard.push(`${message.url} ${message.headers.authorization ?? ''}`)
    const { method, url, headers } = message
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(response)
    })
    message.pipe(passed)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  await using _proxy = { [Symbol.asyncDispose]: async () => void proxy.close() }
  const url = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const certificate = join(elsewhere.home, 'ca.pem')
  writeFileSync(certificate, selfSigned.cert)
  const env = { ...folder.env, BHOR_PORT: String(port) }
  const key = (await bhor(env, ['keys', 'add', 'script', '--scopes', 'status'])).stdout.trim()
  const program = { ...elsewhere.env, NODE_EXTRA_CA_CERTS: certificate, BHOR_URL: url, BHOR_KEY: key }
  {
    await using _server = await startServer({ ...env, BHOR_PUBLIC_URL: url })
    const { code, stdout, stderr } = await bhor(program, ['status', '--json'])
    assert.deepEqual([code, stdout], [0, '[]\n'], stderr)
    const asked = heard.map((line) => line.replace(key, '…').replace(/\?\S+/, '').trim())
    const each = ['/v1/accounts Bearer …', '/v1/changes Bearer …']
    assert.deepEqual(
      asked,
      each.flatMap((line) => ['/v1/proof', line]),
    )
  }
  heard.length = 0
  await using _other = await startServer({ ...env, BHOR_PUBLIC_URL: 'https://bhor.example.test' })
  const refused = await bhor(program, ['status', '--json'])
  assert.deepEqual([refused.code, refused.stdout], [7, ''], refused.stderr)
  assert.match(refused.stderr, /public_url/)
  assert.equal(heard.length, 1)
})
