import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AddAccount } from '../../src/contracts/api.ts'
import { fullRights } from '../../src/session/ground/rights.ts'
import { callbackOf } from '../../src/session/login/callback.ts'
import { type Bed, openBed, refused } from '../support/bed.ts'
import { operator } from '../support/domain.ts'
import { simulator as dhanSimulator } from './dhan-simulator.ts'
import { families } from './family.ts'

const open = () => openBed('dhan', { families: [families.dhan] })
const start = (bed: Bed, account = 'demo', method?: string) =>
  bed.domain.desk.logins.start(operator, account, { via: 'api', ...(method ? { method } : {}) })
/** The address at which the browser ends after the broker's page. */
async function walked(bed: Bed, account = 'demo'): Promise<string> {
  return bed.simulator.logIn('dhan', (await start(bed, account)).url!)
}
const openLogins = async (bed: Bed) => (await bed.domain.store.logins.open(bed.clock.nowMs())).records

/** Another client of the same app. */
async function addPapa(bed: Bed, more: Partial<AddAccount> = {}) {
  const { app } = await bed.account()
  const { demoUser } = dhanSimulator
  bed.simulator.registerApp({
    broker: 'dhan',
    apiKey: app.apiKey!,
    apiSecret: 'sharedsecret',
    redirectUrl: 'http://127.0.0.1:7878/callback/dhan',
  })
  await bed.domain.desk.accounts.edit(operator, 'demo', { app: { apiSecret: 'sharedsecret' } })
  return bed.domain.addAccount({
    account: 'papa',
    broker: 'dhan',
    app: { apiKey: app.apiKey!, apiSecret: 'sharedsecret' },
    fields: { clientId: demoUser.userId },
    ...more,
  })
}

test('a consent, the broker’s page, and a callback without a state', async () => {
  await using bed = await open()
  const started = await start(bed)
  assert.deepEqual([started.method, started.status, started.asks], ['redirect', 'open', []])
  const [consent] = bed.simulator.calls({ broker: 'dhan', path: '/app/generate-consent' })
  const { userId, fields } = await bed.account()
  assert.deepEqual([consent?.query.client_id, userId], [fields.clientId, fields.clientId])
  await refused(bed.domain.desk.logins.answer(operator, 'demo', started.login, {}), 'not_answered')
  const callback = bed.simulator.logIn('dhan', started.url!)
  assert.equal(new URL(callback).searchParams.get('state'), null)
  assert.equal((await bed.domain.arrive(callback)).generation, 1)
  assert.equal((await bed.handOut()).headers['access-token'], (await bed.handOut()).accessToken)
  assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
  assert.equal((await bed.domain.arrive(callback)).generation, 1, 'its code tells which login it was')
  assert.equal((await bed.handOut()).generation, 1)
})

test('a consent that fails is told by its cause and leaves no login behind', async () => {
  await using bed = await open()
  for (const [fault, code] of [
    [{ kind: 'reset_before' }, 'broker_unavailable'],
    [{ kind: 'answer_lost' }, 'broker_unavailable'],
    [{ kind: 'rate_limited' }, 'broker_rate_limited'],
    [{ kind: 'ip_refused' }, 'ip_not_allowed'],
    [{ kind: 'status', status: 503 }, 'broker_unavailable'],
  ] as const) {
    bed.simulator.faults.add({ ...fault, match: { path: '/app/generate-consent' } })
    await refused(start(bed), code)
    bed.simulator.faults.clear()
  }
  await bed.domain.desk.accounts.edit(operator, 'demo', { app: { apiSecret: 'wrongsecret' } })
  await assert.rejects(start(bed), { code: 'bad_grant', message: /“Client ID, app id or secret is invalid”/ })
  assert.deepEqual(await openLogins(bed), [])
  assert.equal((await bed.account()).status, 'none')
})

test('two accounts with open logins: the callback is ambiguous, pasted at its account it counts', async () => {
  await using bed = await open()
  await addPapa(bed)
  const [mine, papas] = [await walked(bed), await walked(bed, 'papa')]
  await refused(bed.domain.arrive(mine), 'login_ambiguous')
  assert.equal((await openLogins(bed)).length, 2, 'neither was spent')
  const { desk } = bed.domain
  assert.equal((await desk.logins.paste(operator, 'papa', papas)).generation, 1)
  assert.equal((await bed.domain.arrive(mine)).account, 'demo', 'only one is open now')
  const [demo, papa] = [await bed.account(), await desk.accounts.get(operator, 'papa')]
  assert.deepEqual([papa.userId, demo.generation], [papa.fields.clientId, 1])
})

test('a consent of somebody else is refused: of another client, and of another app', async () => {
  await using bed = await open()
  await addPapa(bed)
  const papas = await walked(bed, 'papa')
  await bed.domain.desk.logins.cancel(operator, 'papa', (await openLogins(bed))[0]!.id)
  await start(bed)
  await refused(bed.domain.arrive(papas), 'wrong_user')
  assert.deepEqual([(await bed.account()).generation, await openLogins(bed)], [0, []])

  await bed.domain.addAccount({ account: 'personal', broker: 'dhan' })
  const personals = await walked(bed, 'personal')
  await start(bed)
  await refused(bed.domain.desk.logins.paste(operator, 'demo', personals), 'bad_grant')
  assert.equal((await bed.account()).lastFault?.code, 'bad_grant')
})

test('only logins that wait for a redirect are looked at; of one account’s it is the newest', async () => {
  await using bed = await open()
  const pasted = await start(bed, 'demo', 'pasted')
  const callback = 'http://127.0.0.1:7878/callback/dhan?tokenId=stranger'
  await refused(bed.domain.arrive(callback), 'login_state_invalid')
  await walked(bed)
  const newest = await walked(bed)
  assert.equal((await bed.domain.arrive(newest)).generation, 1)
  const { status } = await bed.domain.desk.logins.get(operator, 'demo', pasted.login)
  assert.equal(status, 'open')
})

test('a callback without its code, or with none at all', async () => {
  await using bed = await open()
  await start(bed)
  const arrive = (query: string) =>
    bed.domain.desk.logins.complete(fullRights('broker', 'dhan'), 'dhan', callbackOf(query))
  await refused(arrive(''), 'callback_incomplete')
  await refused(arrive('tokenId=a&tokenId=b'), 'callback_incomplete')
  assert.equal((await openLogins(bed)).length, 1)
})

test('a token that was pasted is stored when it is the account’s, and only then', async () => {
  await using bed = await open()
  const { desk } = bed.domain
  const direct = await start(bed, 'demo', 'direct')
  assert.equal(direct.status, 'done')
  const { accessToken } = await bed.handOut()
  const paste = async (token: string) => {
    const { login, asks } = await start(bed, 'demo', 'pasted')
    assert.deepEqual(
      asks.map(({ name, secret }) => [name, secret]),
      [['token', true]],
    )
    return desk.logins.answer(operator, 'demo', login, { token })
  }
  assert.equal((await paste(accessToken)).generation, 2)
  assert.equal((await bed.handOut()).accessToken, accessToken)
  await refused(paste('two words'), 'bad_token_shape')
  await refused(paste('nobody.knows.this'), 'broker_rejected')

  await addPapa(bed, { fields: { clientId: '1100003626' } })
  const papa = await start(bed, 'papa', 'pasted')
  await refused(desk.logins.answer(operator, 'papa', papa.login, { token: accessToken }), 'wrong_user')
  // While the broker does not answer nobody knows whose it is.
  bed.simulator.faults.add({ kind: 'status', status: 503, match: { path: '/v2/profile' } })
  await refused(paste(accessToken), 'broker_rejected')
  assert.equal((await bed.account()).generation, 2)
})
