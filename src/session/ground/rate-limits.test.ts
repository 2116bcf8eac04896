import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { BhorError } from '../../core/errors.ts'
import type { Principal } from './rights.ts'

/** How the broker refuses a dead token. */
const deadKite =
  '{"status":"error","error_type":"TokenException","message":"Incorrect `api_key` or `access_token`."}'

let keys = 0
async function keyOf({ domain }: Bed): Promise<Principal> {
  const input = { name: `bot ${++keys}`, scopes: ['login' as const, 'read-token' as const] }
  const { key } = await domain.desk.keys.add(operator, input)
  return domain.desk.keys.authenticate(key.reveal())
}

test('a key starts five logins at once and then one each 150 seconds, at each account for itself', async () => {
  await using bed = await openBed('kite')
  const { logins } = bed.domain.desk
  await bed.domain.addAccount({ account: 'papa' })
  const [one, other] = [await keyOf(bed), await keyOf(bed)]
  const start = (who: Principal, account = 'demo') => logins.start(who, account, { via: 'api' })
  for (let i = 0; i < 5; i++) await start(one)
  await assert.rejects(start(one), (error: BhorError) => {
    assert.deepEqual([error.code, error.retryAfterMs], ['rate_limited', 150_000])
    return true
  })
  await start(one, 'papa')
  await start(other)
  for (let i = 0; i < 20; i++) await start(operator)
  await bed.clock.advance(149_999)
  await refused(start(one), 'rate_limited')
  await bed.clock.advance(1)
  await start(one)
  await refused(start(one), 'rate_limited')
})

test('no key takes back the link that a person has in front of him', async () => {
  await using bed = await openBed('kite')
  const { logins } = bed.domain.desk
  const key = await keyOf(bed)
  const mine = await logins.start(operator, 'demo', { via: 'cli' })
  for (let passedMs = 0; passedMs < 590_000; passedMs += 10_000) {
    await bed.clock.advance(10_000)
    await logins.start(key, 'demo', { via: 'api' }).catch(() => undefined)
  }
  assert.equal((await logins.get(operator, 'demo', mine.login)).status, 'open')
})

test('a key in a loop writes no more than a few records a minute, and all that was refused stands in them', async () => {
  await using bed = await openBed('kite')
  const { desk, context } = bed.domain
  await bed.domain.logIn('demo')
  const key = await keyOf(bed)
  const { login } = await desk.logins.start(operator, 'demo', { via: 'cli' })
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    start: () => desk.logins.start(key, 'demo', { via: 'api' }),
    paste: () => desk.logins.paste(key, 'demo', 'nonsense'),
    answer: () => desk.logins.answer(key, 'demo', login, { pin: '1' }),
    cancel: () => desk.logins.cancel(key, 'demo', login),
    test: () => desk.sessions.test(key, 'demo'),
    report: () => desk.sessions.report(key, 'demo', { generation: 1, status: 403, body: deadKite }),
    renew: () => desk.sessions.renew(key, 'demo'),
    logout: () => desk.sessions.logout(key, 'demo'),
    handOut: () => desk.sessions.handOut(key, 'demo', { kind: 'none such' }),
  }
  for (const [name, act] of Object.entries(acts)) {
    const before = (await bed.domain.store.audit.head()).seq
    for (let i = 0; i < 300; i++) await act().catch(() => undefined)
    await bed.clock.advance(60_000)
    await context.refusals.settle()
    const written = (await bed.domain.store.audit.head()).seq - before
    assert.ok(written < 50, `${name}: ${written} records`)
  }
  const all = await desk.audit.list(operator, { limit: 1000 })
  const refusedHandOuts = all.filter(
    ({ action, result }) => action === 'session.handout' && result === 'refused',
  )
  assert.equal(
    refusedHandOuts.reduce((sum, { detail }) => sum + Number(detail.times ?? 1), 0),
    300,
  )
})

test('tests by one key leave room for those of others within the broker’s budget', async () => {
  await using bed = await openBed('kite')
  const { sessions } = bed.domain.desk
  await bed.domain.logIn('demo')
  const key = await keyOf(bed)
  for (let second = 0; second < 55; second++) {
    await sessions.test(key, 'demo').catch(() => undefined)
    await bed.clock.advance(1_000)
  }
  assert.equal((await sessions.test(operator, 'demo')).verdict, 'valid')
})
