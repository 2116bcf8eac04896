import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { startAttack } from '../../bench/support/attacking.ts'
import { type AttackName, attackNames, attacks } from '../../bench/support/attacks.ts'
import type { AuditView, KeyAdded, KeyView } from '../../src/contracts/api.ts'
import { bhor, json, newFolder, type Running, startServer } from '../support/at-the-terminal.ts'

/** Three times what a promise says: this computer may have other work. */
const room = 3
const isLong = process.env.LONG_TESTS !== undefined
const shortest: readonly AttackName[] = [
  'documents, 3 MB of requests at once',
  'small requests without end',
  'the smallest that HTTP knows, refused',
  'connections that never read',
  'idle connections',
  'bodies without end',
]

const folder = newFolder()
const { env } = folder
let server: Awaited<ReturnType<typeof startServer>>
let admin: KeyAdded
before(async () => {
  server = await startServer(env)
  admin = json<KeyAdded>(await bhor(env, ['keys', 'add', 'admin', '--scopes', 'admin', '--json']))
})
after(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const bearer = (key: string) => ({ authorization: `bearer ${key}`, connection: 'close' })
const ask = (key: string, path: string, init: RequestInit = {}) =>
  fetch(`${server.origin}${path}`, {
    ...init,
    headers: { ...bearer(key), ...init.headers },
    signal: AbortSignal.timeout(room * 5_000),
  })
const port = () => Number(new URL(server.origin).port)
const residentMb = ({ child }: Running) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024

test('bodies that break off, wherever they do, leave no line in the log', async () => {
  const before = server.stderr
  const host = `Host: 127.0.0.1:${port()}`
  const type = 'Content-Type: application/json'
  for (const by of ['Sec-Fetch-Site: same-origin', `Authorization: Bearer ${admin.key}`, 'X: y'])
    for (const path of ['POST /v1/desk/sign-in', 'POST /v1/keys', 'PATCH /v1/accounts/papa', 'POST /v1/none'])
      for (const length of ['Content-Length: 6000', 'Transfer-Encoding: chunked'])
        for (const end of ['destroy', 'resetAndDestroy'] as const)
          await new Promise<void>((resolve) => {
            const head = [`${path} HTTP/1.1`, host, type, by, length].join('\r\n')
            const socket = connect(port(), '127.0.0.1', () => {
              socket.write(`${head}\r\n\r\n${length.startsWith('T') ? '6\r\n' : ''}{"toke`, () => {
                // By then it is being read.
                setImmediate(() => socket[end]())
              })
            })
            socket.on('error', () => {}).on('close', () => resolve())
          })
  assert.equal((await ask(admin.key, '/v1/keys')).status, 200)
  assert.equal(server.stderr, before)
})

// Before anybody has spent the budget of strangers, to whom a revoked key belongs.
test('a key that a key made: noted, listed, revoked with it', async () => {
  const parent = json<KeyAdded>(await bhor(env, ['keys', 'add', 'parent', '--scopes', 'admin', '--json']))
  const body = JSON.stringify({ name: 'child', scopes: ['admin'] })
  const headers = { 'content-type': 'Application/JSON;charset="UTF-8"' }
  const made = await ask(parent.key, '/v1/keys', { method: 'POST', headers, body })
  const child = (await made.json()) as KeyAdded
  assert.deepEqual([made.status, child.madeBy], [201, parent.id])
  assert.match(
    (await bhor(env, ['keys', 'list'])).stdout,
    /^key_\w+ +child +admin +all +parent +never +0 +valid$/m,
  )
  const revoked = await bhor(env, ['keys', 'revoke', parent.id])
  assert.match(revoked.stderr, /“parent” is revoked\.\n.*keys that it made: “child”\./)
  for (const { key } of [parent, child]) assert.equal((await ask(key, '/v1/keys')).status, 401)
  const kept = json<KeyAdded>(await bhor(env, ['keys', 'add', 'kept', '--scopes', 'admin', '--json']))
  const second = (await (
    await ask(kept.key, '/v1/keys', { method: 'POST', headers, body })
  ).json()) as KeyAdded
  await bhor(env, ['keys', 'revoke', kept.id, '--keep-made'])
  assert.equal((await ask(second.key, '/v1/keys')).status, 200)
  assert.equal((await ask(second.key, '/v1/keys/x?made=maybe', { method: 'DELETE' })).status, 422)
})

for (const name of isLong ? attackNames : shortest) {
  test(`served while attacked: ${name}`, async () => {
    const beforeMb = residentMb(server)
    using attack = startAttack(name, port())
    await attack.hasOpened(attacks[name].connections)
    for (let i = 0; i < 10; i++) assert.equal((await ask(admin.key, '/v1/keys')).status, 200)
    const moreMb = residentMb(server) - beforeMb
    assert.ok(moreMb < room * 50, `${moreMb.toFixed(0)} MB more`)
  })
}

test('under attack SIGTERM ends the server in time, and what was refused is in the record', async () => {
  const revoked = json<KeyAdded>(await bhor(env, ['keys', 'add', 'gone', '--scopes', 'admin', '--json']))
  await bhor(env, ['keys', 'revoke', revoked.id])
  for (let i = 0; i < 70; i++) await ask(`bhor_${String(i).padStart(43, '0')}`, '/v1/keys')
  for (let i = 0; i < 200; i++) assert.ok((await ask(revoked.key, '/v1/keys')).status >= 400)
  using _documents = startAttack('documents, 3 MB of requests at once', port())
  using unread = startAttack('connections that never read', port())
  await unread.hasOpened(1030)
  const beforeMs = performance.now()
  assert.equal((await server.stop('SIGTERM')).code, 0)
  const tookMs = performance.now() - beforeMs
  assert.ok(tookMs < room * 5_000, `${tookMs} ms`)
  const records = json<AuditView[]>(await bhor(env, ['audit', '--limit', '1000', '--json']))
  const uses = records.filter(
    ({ actor, action }) => actor === `key:${revoked.id}` && action === 'key.refused',
  )
  assert.equal(
    uses.reduce((sum, { detail }) => sum + Number(detail.times ?? 1), 0),
    200,
  )
  assert.ok(uses.length < 20, `${uses.length} records`)
  const keys = json<KeyView[]>(await bhor(env, ['keys', 'list', '--json']))
  assert.equal(keys.find(({ id }) => id === revoked.id)?.revokedAt !== null, true)
})
