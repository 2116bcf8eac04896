import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, otherUser, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { FeedEvent } from '../../contracts/events.ts'
import { neverMs } from '../../contracts/work.ts'
import { eventOf } from './wire.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Lets time pass as the server does: the keeper looks when it said that it would. */
async function pass({ clock, domain }: Bed, ms: number): Promise<void> {
  for (let left = ms; left > 0; ) {
    const step = Math.min(left, Math.max(1, await domain.desk.keeper.look()))
    await clock.advance(step)
    left -= step
  }
  await domain.desk.keeper.look()
}

/** What the feed tells of since the last look, in short: the name and what of its data says most. */
function watcher(bed: Bed): () => Promise<string[]> {
  let after = 0
  return async () => {
    const { records } = await bed.domain.store.feed.after(after, 1_000)
    after = records.at(-1)?.seq ?? after
    const events = records.map(eventOf).filter((event) => event !== undefined)
    // What gates do is the matter of their own test.
    return events.filter(({ event }) => event !== 'gate.changed').map(short)
  }
}

function short({ event, data }: FeedEvent): string {
  const { startedBy, reason, result, code, change, from } = data as unknown as Record<string, string | null>
  const account = 'account' in data && data.account !== 'demo' ? data.account : undefined
  return [event, startedBy, reason, result, change, from, code, account].filter(Boolean).join(' ')
}

test('a day of an account: each event once, in its order, with what it is about', async () => {
  await using bed = await openBed('kite')
  const { domain } = bed
  const told = watcher(bed)
  assert.deepEqual(await told(), ['account.changed added'])
  await refused(domain.logIn('demo', { cancels: true }), 'login_refused')
  assert.deepEqual(await told(), ['account.changed login_started', 'login.finished failed login_refused'])
  const { login } = await domain.desk.logins.start(operator, 'demo', { via: 'api' })
  await domain.desk.logins.cancel(operator, 'demo', login)
  assert.deepEqual(await told(), ['account.changed login_started', 'login.finished cancelled cancelled'])
  await domain.logIn('demo')
  assert.deepEqual(await told(), [
    'account.changed login_started',
    'account.changed login_returned',
    'session.started login',
    'login.finished done',
  ])
  await domain.desk.accounts.edit(operator, 'demo', { label: 'x' })
  await domain.desk.sessions.test(operator, 'demo')
  assert.deepEqual(await told(), ['account.changed edited', 'account.changed tested'])
  await pass(bed, 24 * hourMs)
  const atNight = (await told()).filter((text) => text !== 'account.changed tested')
  assert.deepEqual(atNight, ['session.ended expired', 'login.needed expired'])
  await bed.domain.logIn('demo')
  assert.deepEqual(
    (await told()).slice(2),
    ['session.started login', 'login.finished done'],
    'that a day was over was no trouble',
  )
  await bed.domain.desk.sessions.logout(operator, 'demo')
  assert.deepEqual(await told(), ['session.ended logged_out', 'login.needed logged_out'])
  await bed.domain.logIn('demo')
  assert.deepEqual((await told()).slice(2), ['session.started login', 'login.finished done'])
  await bed.domain.logIn('demo')
  assert.deepEqual(
    (await told()).slice(2),
    ['session.started login', 'login.finished done'],
    'a session that another one replaces is needed by nobody',
  )
  await bed.domain.desk.accounts.edit(operator, 'demo', { account: 'papa' })
  await bed.domain.desk.accounts.remove(operator, 'papa')
  assert.deepEqual((await told()).at(-1), 'account.changed removed papa')
})

test('what has no account is told as a part of the house that has changed', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  const told = watcher(bed)
  await told()
  const { view } = await keys.add(operator, { name: 'my-bot', scopes: ['status'] })
  assert.deepEqual(await told(), ['house.changed keys'])
  await keys.revoke(operator, view.id)
  assert.deepEqual(await told(), ['house.changed keys'])
})

test('data: number, time, account, broker, kind and the generation afterwards', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  const { records } = await bed.domain.store.feed.after(0, 100)
  const started = records.map(eventOf).find((event) => event?.event === 'session.started')
  const { kind } = await bed.account()
  assert.deepEqual(started?.data, {
    seq: records.find(({ action }) => action === 'session.start')?.seq,
    at: '2026-11-23T03:00:00Z',
    account: 'demo',
    broker: 'upstox',
    kind,
    generation: 1,
    startedBy: 'login',
  })
})

test('recovered: a session after a fault or after a revocation, and a broker that answers again', async () => {
  await using bed = await openBed('kite')
  const { domain, simulator } = bed
  const told = watcher(bed)
  const recovered = async () => (await told()).filter((text) => text.startsWith('recovered'))
  await domain.logIn('demo')
  assert.deepEqual(await recovered(), [])
  await refused(domain.logIn('demo', { userId: otherUser }), 'wrong_user')
  assert.deepEqual(await recovered(), [])
  await domain.logIn('demo')
  assert.deepEqual(await recovered(), ['recovered wrong_user'])
  await domain.logIn('demo')
  assert.deepEqual(await recovered(), [])

  const asked = () => domain.desk.sessions.test(operator, 'demo')
  simulator.faults.add({ kind: 'status', match: { path: profilePath.kite! } })
  assert.equal((await asked()).verdict, 'unknown')
  assert.deepEqual(await recovered(), [])
  assert.equal((await asked()).verdict, 'valid')
  assert.deepEqual(await recovered(), ['recovered broker_unavailable'])
  await asked()
  assert.deepEqual(await recovered(), [])

  simulator.killSession('kite', (await bed.account()).apiKey)
  assert.equal((await asked()).verdict, 'invalid')
  const ended = (await told()).filter((text) => !text.startsWith('account'))
  assert.deepEqual(ended, ['session.ended revoked session_revoked', 'login.needed revoked'])
  await domain.logIn('demo')
  assert.deepEqual(await recovered(), ['recovered session_revoked'])
})

test('a session in doubt that lives after all has recovered from what put it in doubt', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  bed.simulator.faults.add({ kind: 'status', match: { path: '/session/token' } })
  await refused(bed.domain.logIn('demo'), 'broker_unavailable')
  const told = watcher(bed)
  await told()
  await bed.clock.advance(60_000)
  assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
  assert.deepEqual(await told(), ['account.changed tested', 'recovered broker_unavailable'])
})

test('where a session is renewed without a human no login is needed, until that is given up', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  const told = watcher(bed)
  const toldOfSessions = async () =>
    (await told()).filter((text) => !text.startsWith('account.changed tested'))
  await bed.domain.logIn('demo')
  await toldOfSessions()
  await pass(bed, 22 * hourMs)
  assert.deepEqual(await toldOfSessions(), ['session.ended expired', 'session.started renewal'])
  const renewalPath = '/session/refresh_token'
  bed.simulator.faults.add({ kind: 'rate_limited', match: { path: renewalPath }, times: 2 })
  bed.simulator.faults.add({ kind: 'reset_after', match: { path: renewalPath } })
  await pass(bed, 26 * hourMs)
  assert.deepEqual(await toldOfSessions(), [
    'session.ended expired',
    'account.changed renewal_failed',
    'account.changed renewal_failed',
    'account.changed renewal_failed',
    'login.needed renewal_failed',
  ])
})

test('a renewal that was given up while its session lived is told as a need when that ends', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  await bed.domain.logIn('demo')
  const { id, generation } = await bed.account()
  const told = watcher(bed)
  await told()
  await bed.domain.store.transaction(async (tx) => {
    const renewal = (await tx.work.of(id)).find(({ kind }) => kind === 'renewal')!
    assert.equal(renewal.generation, generation)
    const { plannedAtMs } = renewal
    await tx.work.settle(renewal, { failed: true, plannedAtMs, notBeforeMs: neverMs })
  })
  await pass(bed, 22 * hourMs)
  const events = (await told()).filter((text) => text !== 'account.changed tested')
  assert.deepEqual(events, ['session.ended expired', 'login.needed expired'])
})

test('a login that may end the session of another account: doubted, asked about, told as ended', async () => {
  await using bed = await openBed('kite')
  const app = await bed.account()
  await bed.domain.addAccount({
    account: 'papa',
    kind: app.kind,
    apiKey: app.apiKey,
    apiSecret: 'kitedemosecret',
    redirectUrl: app.redirectUrl,
  })
  await bed.domain.logIn('demo')
  const told = watcher(bed)
  await told()
  await bed.clock.advance(minuteMs)
  await bed.domain.logIn('papa')
  assert.deepEqual((await told()).at(-1), 'account.changed doubted')
  await bed.domain.desk.keeper.look()
  const verdict = await told()
  assert.deepEqual(verdict.slice(0, 2), ['session.ended revoked session_revoked', 'login.needed revoked'])
})

test('gates: opened by a login, closed by a pause and by the kill switch', async () => {
  await using bed = await openBed('kite')
  const { desk, store } = bed.domain
  await bed.domain.logIn('demo')
  const { newest } = await store.feed.range()
  await desk.gates.set(operator, 'demo', { state: 'closed', reason: 'x' })
  await desk.gates.setHouse(operator, { state: 'closed' })
  const told = (await store.feed.after(0, 100)).records.map(eventOf).filter((event) => event !== undefined)
  assert.deepEqual(
    told.flatMap(({ event, data }) => (event === 'gate.changed' ? [[data.account, data.state]] : [])),
    [
      ['demo', 'open'],
      ['demo', 'closed'],
      [null, 'closed'],
    ],
  )
  const changed = told.filter(({ event, data }) => event === 'account.changed' && data.seq > newest)
  assert.deepEqual(changed.map(short), ['account.changed paused'])
})

test('a gate that changes is told, of one account or of the house', () => {
  const row = { seq: 7, atMs: 0, action: 'gate.change', result: 'ok', code: '' } as const
  const about = { id: 'acc_1', alias: 'papa', broker: 'kite', kind: 'live', generation: 3 } as const
  const detail = { state: 'closed', reason: 'paused' }
  const one = eventOf({ ...row, account: about, detail })
  const head = { seq: 7, at: '1970-01-01T00:00:00Z' }
  assert.deepEqual(one, {
    event: 'gate.changed',
    data: { ...head, account: 'papa', broker: 'kite', kind: 'live', generation: 3, ...detail },
  })
  const house = eventOf({ ...row, account: null, detail: { state: 'open' } })
  const nobody = { account: null, broker: null, kind: null, generation: null }
  assert.deepEqual(house?.data, { ...head, ...nobody, state: 'open', reason: null })
})
