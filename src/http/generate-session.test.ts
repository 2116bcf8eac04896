import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import { ownApp, withOwnApp } from '../../test/support/own-app.ts'
import type { SessionGenerated, SessionNotGenerated } from '../contracts/api.ts'
import { type ErrorCode, errorTable } from '../core/errors.ts'

const path = '/api/kite-auth/generate-session'
const { apiKey, apiSecret, redirectUrl } = ownApp('kite')

/** A sandbox account `demo` at an app whose secret the test knows. */
async function open(): Promise<Doors> {
  const doors = await openDoors()
  const { world } = doors
  world.simulator.registerApp(ownApp('kite'))
  await world.addAccount({ ...withOwnApp('kite') })
  return doors
}

/** What Kite's redirect brings to a program that opened the login page by itself. */
function requestToken({ world }: Doors, userId?: string): string {
  const page = `${world.simulator.hosts('kite').login}/connect/login?v=3&api_key=${apiKey}`
  const address = world.simulator.logIn('kite', page, userId === undefined ? {} : { userId })
  assert.ok(address.startsWith(redirectUrl))
  return new URL(address).searchParams.get('request_token')!
}
const post = (doors: Doors, body: unknown, key?: string) =>
  doors.ask('POST', path, { ...(key ? { key } : {}), body })
const codeOf = (answer: { json: unknown }) => (answer.json as SessionNotGenerated).error.code

test('document 001: a request token becomes an access token, and nothing is stored', async () => {
  await using doors = await open()
  const { app, simulator } = doors.world
  const key = await doors.key(['login'])
  const answer = await post(doors, { requestToken: requestToken(doors), apiKey, apiSecret }, key)
  assert.equal(answer.status, 200, answer.text)
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
  const { success, data } = answer.json as SessionGenerated
  assert.equal(success, true)
  assert.deepEqual(Object.keys(data), [
    'access_token',
    'user_id',
    'user_name',
    'email',
    'user_type',
    'broker',
    'login_time',
  ])
  const { access_token: token, ...rest } = data
  assert.deepEqual(rest, {
    user_id: 'DM0001',
    user_name: 'Demo User',
    email: 'demo.kite@example.com',
    user_type: 'individual',
    broker: 'ZERODHA',
    login_time: '2026-11-23T03:00:00Z',
  })
  const profile = await fetch(`${simulator.hosts('kite').api}/user/profile`, {
    headers: { authorization: `token ${apiKey}:${token}`, 'x-kite-version': '3' },
  })
  assert.equal(profile.status, 200, 'it is a live token')
  assert.equal((await app.desk.accounts.get(app.operator, 'demo')).status, 'none')
  const [handedOut] = await app.desk.audit.list(app.operator, { limit: 1 })
  assert.deepEqual(
    [handedOut?.action, handedOut?.result, handedOut?.account, handedOut?.detail.stored],
    ['session.handout', 'ok', null, false],
  )
  const records = JSON.stringify(await app.desk.audit.list(app.operator, { limit: 100 }))
  for (const secret of [token, apiSecret]) assert.ok(!records.includes(secret))
})

test('with an account it is a login of that account: committed, pinned and recorded', async () => {
  await using doors = await open()
  const { app } = doors.world
  const key = await doors.key(['login'], ['demo'])
  const answer = await post(
    doors,
    { requestToken: requestToken(doors), apiKey, apiSecret, accountId: 'demo' },
    key,
  )
  assert.equal(answer.status, 200, answer.text)
  const { access_token: token, login_time: loginTime } = (answer.json as SessionGenerated).data
  assert.equal(loginTime, '2026-11-23T03:00:00Z')
  const account = await app.desk.accounts.get(app.operator, 'demo')
  assert.deepEqual([account.status, account.userId, account.generation], ['active', 'DM0001', 1])
  const handedOut = JSON.parse((await app.desk.sessions.handOut(app.operator, 'demo')).reveal())
  assert.equal(handedOut.accessToken, token)
  // The operator's own hand-out stands between.
  const records = await app.desk.audit.list(app.operator, { limit: 10, account: 'demo' })
  const byKey = records.filter(({ actor }) => actor.startsWith('key:')).map(({ action }) => action)
  for (const action of ['session.start', 'login.finish', 'session.handout'])
    assert.ok(byKey.includes(action), `${action} in ${byKey}`)
  // Spent once.
  const again = await post(
    doors,
    { requestToken: requestToken(doors, 'DM0001').replace(/./, 'x'), apiKey, apiSecret, accountId: 'demo' },
    key,
  )
  assert.deepEqual([again.status, codeOf(again)], [errorTable.bad_grant.http, 'bad_grant'])
  assert.equal((await app.desk.accounts.get(app.operator, 'demo')).generation, 1)
})

test('another person than the account’s is refused, and his token is logged out', async () => {
  await using doors = await open()
  const { app, simulator } = doors.world
  simulator.addUser({
    broker: 'kite',
    userId: 'DM0042',
    password: 'x',
    totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    name: 'Other',
    email: 'o@example.com',
  })
  await doors.world.logIn('demo')
  simulator.clearCalls()
  const answer = await post(
    doors,
    { requestToken: requestToken(doors, 'DM0042'), apiKey, apiSecret, accountId: 'demo' },
    await doors.key(['login']),
  )
  assert.deepEqual([answer.status, codeOf(answer)], [403, 'wrong_user'])
  assert.equal(simulator.calls({ method: 'DELETE', path: '/session/token' }).length, 1)
  assert.equal((await app.desk.accounts.get(app.operator, 'demo')).generation, 1)
})

test('every failure has the document’s shape, the table’s status, and no echo of what was sent', async () => {
  await using doors = await open()
  const { app, simulator } = doors.world
  await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
  const key = await doors.key(['login'])
  const other = await doors.key(['login'])
  const reader = await doors.key(['read-token', 'status', 'pause', 'portfolio'])
  const limited = await doors.key(['login'], ['papa'])
  const right = { requestToken: 'nobodysToken', apiKey, apiSecret }
  const wrong = 'AnotherSecretThatIsWrong'
  const cases: readonly (readonly [what: string, body: unknown, by: string | undefined, code: ErrorCode])[] =
    [
      ['no key', right, undefined, 'key_missing'],
      ['another key', right, `bhor_${'A'.repeat(43)}`, 'key_invalid'],
      ['a key without the right', right, reader, 'scope_missing'],
      ['a key for another account', { ...right, accountId: 'demo' }, limited, 'account_not_found'],
      ['no such account', { ...right, accountId: 'nobody' }, key, 'account_not_found'],
      ['an account of another broker', { ...right, accountId: 'papa' }, key, 'bad_field'],
      ['not the account’s app', { ...right, apiKey: 'anotherkey', accountId: 'demo' }, key, 'bad_field'],
      ['not the account’s secret', { ...right, apiSecret: wrong, accountId: 'demo' }, key, 'bad_secret'],
      ['a field too many', { ...right, account: 'demo' }, other, 'unknown_field'],
      ['nothing', {}, other, 'bad_field'],
      ['a token that cannot be one', { ...right, requestToken: 'two words' }, other, 'bad_field'],
      ['an API key that cannot be one', { ...right, apiKey: '<b>' }, other, 'bad_field'],
      ['a token that was never given', right, other, 'bad_grant'],
      [
        'a wrong secret',
        { ...right, requestToken: requestToken(doors), apiSecret: wrong },
        other,
        'app_invalid',
      ],
    ]
  for (const [what, body, by, code] of cases) {
    const answer = await post(doors, body, by)
    assert.deepEqual(
      [codeOf(answer), answer.status],
      [code, errorTable[code].http],
      `${what}: ${answer.text}`,
    )
    const { success, error, ...none } = answer.json as SessionNotGenerated
    assert.deepEqual([success, none, Object.keys(error)], [false, {}, ['code', 'message', 'hint']])
    for (const secret of [apiSecret, wrong, 'nobodysToken', 'two words'])
      assert.ok(!answer.text.includes(secret), what)
  }
  simulator.faults.add({ broker: 'kite', match: { path: '/session/token' }, kind: 'answer_lost' })
  const lost = await post(doors, { ...right, requestToken: requestToken(doors) }, await doors.key(['login']))
  assert.deepEqual([lost.status, codeOf(lost)], [502, 'answer_lost'])
  assert.equal((await app.desk.accounts.get(app.operator, 'demo')).status, 'none')
})

test('nothing is spent while bhor is sealed or trading is stopped for all', async () => {
  await using doors = await open()
  const { app, simulator } = doors.world
  const key = await doors.key(['login'])
  const body = { requestToken: requestToken(doors), apiKey, apiSecret }
  await app.desk.gates.setHouse(app.operator, { state: 'closed' })
  for (const more of [{}, { accountId: 'demo' }]) {
    const answer = await post(doors, { ...body, ...more }, key)
    assert.deepEqual([answer.status, codeOf(answer)], [409, 'gate_closed'])
  }
  await app.desk.gates.setHouse(app.operator, { state: 'open' })
  await app.desk.house.seal(app.operator, {})
  assert.equal(codeOf(await post(doors, body, key)), 'sealed')
  assert.equal(simulator.calls({ path: '/session/token' }).length, 0)
  await app.desk.house.unseal(app.operator)
  assert.equal((await post(doors, body, key)).status, 200)
})

test('a key that does it too often is told to wait', async () => {
  await using doors = await open()
  const key = await doors.key(['login'])
  const body = { requestToken: 'nobodysToken', apiKey, apiSecret }
  for (let at = 0; at < 5; at++) assert.equal(codeOf(await post(doors, body, key)), 'bad_grant')
  const answer = await post(doors, body, key)
  assert.deepEqual(
    [answer.status, codeOf(answer), answer.headers['retry-after']],
    [429, 'rate_limited', '150'],
  )
})

test('somebody at the page confirms that it is still he, as for any token', async () => {
  await using doors = await open()
  const body = { requestToken: requestToken(doors), apiKey, apiSecret }
  const headers = { ...(await doors.signIn()), 'content-type': 'application/json' }
  // The link itself was a confirmation, for five minutes.
  await doors.world.advance(6 * 60_000)
  const answer = await doors.ask('POST', path, { headers, body })
  assert.deepEqual([answer.status, codeOf(answer)], [403, 'confirmation_needed'])
})
