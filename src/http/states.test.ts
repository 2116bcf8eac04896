import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import type { Problem } from '../contracts/api.ts'

const hourMs = 60 * 60_000

async function openWithKey() {
  const doors = await openDoors()
  await doors.world.addAccount()
  const key = await doors.key(['admin'])
  const token = (query = '', account = 'demo') =>
    doors.ask('GET', `/v1/accounts/${account}/session${query}`, { key })
  return { doors, key, token, [Symbol.asyncDispose]: () => doors[Symbol.asyncDispose]() }
}
const said = ({ json }: { json: unknown }) => json as Problem

test('no session, one that is short, one that ended by time, by the broker, by logout: each by its name', async () => {
  await using open = await openWithKey()
  const { doors, key, token } = open
  const { world } = doors
  const expect = async (code: string, text: RegExp, query = '') => {
    const answer = await token(query)
    assert.deepEqual([answer.status, answer.code], [409, code], answer.text)
    assert.match(said(answer).detail, text)
    assert.match(said(answer).hint, /log ?in/i)
  }
  await expect('session_none', /demo/)
  await world.logIn('demo')
  assert.equal((await token()).status, 200)
  await expect('session_short', /lasts only \d+ more minutes/, '?min_life=24h')
  const kind = await token('?kind=extended')
  assert.deepEqual([kind.status, kind.code], [409, 'token_kind_unavailable'])
  await world.advance(24 * hourMs)
  await expect('session_expired', /demo/)
  await world.logIn('demo')
  world.simulator.killSession('kite', (await world.app.desk.accounts.get(world.app.operator, 'demo')).apiKey)
  await doors.ask('POST', '/v1/accounts/demo/test', { key, body: {} })
  await expect('session_revoked', /demo/)
  await world.logIn('demo')
  await doors.ask('DELETE', '/v1/accounts/demo/session', { key })
  const out = await token()
  assert.deepEqual([out.status, out.code.startsWith('session_') || out.code === 'needs_login'], [409, true])
})

test('more logins than anybody has open at once: the oldest link is taken back, the newest works', async () => {
  await using open = await openWithKey()
  const { doors, key } = open
  const ids: string[] = []
  for (let i = 0; i < 11; i++) {
    // Newest first is told by the time of the start. A key may not start so many.
    await doors.world.advance(1000)
    const { json } = await doors.ask('POST', '/v1/accounts/demo/login', { overSocket: true, body: {} })
    ids.push((json as { login: string }).login)
  }
  const statusOf = async (id: string) =>
    ((await doors.ask('GET', `/v1/accounts/demo/login/${id}`, { key })).json as { status: string }).status
  assert.deepEqual(
    [await statusOf(ids[0]!), await statusOf(ids[1]!), await statusOf(ids[10]!)],
    ['cancelled', 'open', 'open'],
  )
})

test('a clock before 2026 pauses logins by name', async () => {
  await using open = await openWithKey()
  open.doors.world.clock.set('1970-01-01T00:00:00Z')
  const refused = await open.doors.ask('POST', '/v1/accounts/demo/login', { overSocket: true, body: {} })
  assert.deepEqual([refused.status, refused.code], [503, 'clock_wrong'])
  assert.match(said(refused).hint, /Set this computer’s clock/)
})

test('a broker in trouble is told apart in a test of the session, and the session is kept', async () => {
  await using open = await openWithKey()
  const { doors, token } = open
  await doors.world.logIn('demo')
  for (const [kind, code] of [
    ['status', 'broker_unavailable'],
    ['html', 'broker_unavailable'],
    ['reset_before', 'broker_unavailable'],
    ['rate_limited', 'broker_rate_limited'],
    ['redirect', 'broker_redirect'],
  ] as const) {
    doors.world.simulator.faults.add({ kind, times: 3 })
    const answer = await doors.ask('POST', '/v1/accounts/demo/test', { overSocket: true, body: {} })
    doors.world.simulator.faults.clear()
    const result = answer.json as { verdict: string; code: string }
    assert.deepEqual([answer.status, result.verdict, result.code], [200, 'unknown', code], kind)
    assert.equal((await token()).status, 200)
  }
})

test('the command line of another release is told so, over the socket alone', async () => {
  await using open = await openWithKey()
  const { doors, key } = open
  const headers = { 'bhor-version': '99.0.0' }
  const refused = await doors.ask('GET', '/v1/accounts', { overSocket: true, headers })
  assert.deepEqual([refused.status, refused.code], [503, 'server_version'])
  assert.match(said(refused).detail, /^The server is \d+\.\d+\.\d+, this command line is 99\.0\.0\.$/)
  assert.equal((await doors.ask('GET', '/v1/accounts', { key, headers })).status, 200)
  assert.equal((await doors.ask('GET', '/healthz', { overSocket: true, headers })).status, 200)
})

test('a row that somebody changed: that account is damaged by name, the others go on', async () => {
  await using open = await openWithKey()
  const { doors, token } = open
  await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
  await doors.world.logIn('papa')
  await doors.world.logIn('demo')
  tamper(doors)
  const damaged = await token()
  assert.deepEqual([damaged.status, damaged.code], [503, 'store_damaged'])
  assert.equal((await token('', 'papa')).status, 200)
})

function tamper({ world }: Doors): void {
  const database = new DatabaseSync(join(world.home, 'bhor.db'))
  database.exec("update accounts set user_id = 'ZZ9999' where alias = 'demo'")
  database.close()
}
