import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { type Net, NetError } from '../../contracts/net.ts'
import { systemNet } from '../../net/system.ts'
import { Probes } from '../life/probe.ts'
import { Renewals } from '../life/renewal.ts'
import { deeds } from './deeds.ts'

const renewalPath = '/session/refresh_token'
const approved = { app: { approvedForRefresh: true } }
const minute = 60_000
const hour = 60 * minute

/** Lets time pass as the server does: the keeper looks when it said that it would. */
async function pass({ clock, domain }: Bed, ms: number): Promise<void> {
  for (let left = ms; left > 0; ) {
    const nextMs = Math.max(1, await domain.desk.keeper.look())
    const step = Math.min(left, nextMs)
    await clock.advance(step)
    left -= step
  }
  await domain.desk.keeper.look()
}
const renewals = ({ simulator }: Bed) => simulator.calls({ path: renewalPath }).length
const probes = ({ simulator, broker }: Bed) => simulator.calls({ path: profilePath[broker]! }).length

test('where a new token would end at the same dawn, the renewal comes at that dawn', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  // 08:30 to 05:59 of the next day.
  await pass(bed, 21 * hour + 29 * minute)
  assert.equal(renewals(bed), 0)
  await pass(bed, 6 * minute)
  assert.equal(renewals(bed), 1)
  const view = await bed.account()
  assert.deepEqual([view.generation, view.status, view.session?.startedBy], [2, 'active', 'renewal'])
  assert.equal(view.session?.expiresAt, '2026-11-25T00:30:00Z')
})

test('the morning flush kills the renewed session: found after it, and renewed once more', async () => {
  await using bed = await openBed('kite', approved)
  const { apiKey } = await bed.domain.logIn('demo')
  await pass(bed, 21 * hour + 40 * minute)
  assert.equal((await bed.account()).generation, 2)
  bed.simulator.killSession('kite', apiKey)
  await pass(bed, 90 * minute)
  const view = await bed.account()
  assert.deepEqual([view.generation, view.status], [3, 'active'])
  assert.equal(await bed.recorded('session.revoke'), 1)
})

test('somebody else’s login in the day is not fought', async () => {
  await using bed = await openBed('kite', approved)
  const { apiKey } = await bed.domain.logIn('demo')
  await pass(bed, 3 * hour)
  bed.simulator.killSession('kite', apiKey)
  const generation = 1
  const body = JSON.stringify({ status: 'error', error_type: 'TokenException', message: 'Incorrect' })
  const said = await bed.domain.desk.sessions.report(operator, 'demo', { generation, status: 403, body })
  assert.equal(said.state, 'dead')
  await pass(bed, 12 * hour)
  assert.equal(renewals(bed), 0)
  assert.equal((await bed.account()).status, 'revoked')
})

test('a broker that is down is asked again and again, ever less often, and the renewal comes through', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  await pass(bed, 21 * hour + 20 * minute)
  bed.simulator.faults.add({ kind: 'rate_limited', match: { path: renewalPath }, times: 4 })
  await pass(bed, hour)
  assert.equal((await bed.account()).generation, 2)
  assert.equal(renewals(bed), 5)
})

test('a broker that was unreachable all night renews the session when it is back: nobody has given up', async () => {
  const gone = unreachable()
  await using bed = await openBed('kite', { ...approved, net: gone.net(() => bed.clock.nowMs()) })
  await bed.domain.logIn('demo')
  await pass(bed, 21 * hour + 20 * minute)
  gone.isAway = true
  await pass(bed, 12 * hour)
  assert.equal((await bed.account()).status, 'expired')
  assert.ok(gone.askedMs.length > 20)
  gone.isAway = false
  await pass(bed, 16 * minute)
  const { status, generation } = await bed.account()
  assert.deepEqual([status, generation], ['active', 2])
  assert.equal(await bed.recorded('login.need'), 0)
})

test('while a broker is away its rests end no wait: what failed before is counted on, across a restart too', async () => {
  const gone = unreachable()
  await using bed = await openBed('kite', { ...approved, net: gone.net(() => bed.clock.nowMs()) })
  for (const account of ['papa', 'mama']) await bed.domain.addAccount({ account, renewable: true })
  for (const account of ['demo', 'papa', 'mama']) await bed.domain.logIn(account)
  await pass(bed, 21 * hour + 20 * minute)
  gone.isAway = true
  const fromMs = bed.clock.nowMs()
  const askedIn = (halfHour: number) =>
    gone.askedMs.filter((ms) => Math.floor((ms - fromMs) / (30 * minute)) === halfHour).length
  await pass(bed, 90 * minute)
  await bed.reopen()
  await pass(bed, 30 * minute)
  const { store } = bed.domain
  const attempts = await Promise.all(
    (await store.accounts.list()).records.map(
      async ({ id }) => (await store.work.of(id)).find(({ kind }) => kind === 'renewal')!.attempt,
    ),
  )
  assert.equal(
    attempts.reduce((sum, attempt) => sum + attempt, 0),
    gone.askedMs.length,
  )
  // Three accounts with a quarter of an hour at most between two tries, of which chance takes half: twelve, more or less.
  assert.ok(askedIn(3) <= 24, `${askedIn(0)}, then ${askedIn(3)}`)
})

test('a refused refresh token is sent once and never again', async () => {
  const { net, asked } = refusing()
  await using bed = await openBed('kite', { ...approved, net })
  await bed.domain.logIn('demo')
  await pass(bed, 40 * hour)
  assert.equal(asked.times, 1)
  const view = await bed.account()
  assert.deepEqual([view.status, view.lastFault?.code], ['expired', 'bad_grant'])
  // A restart does not forget it; a new login begins afresh.
  await bed.reopen()
  await pass(bed, hour)
  assert.equal(asked.times, 1)
  await bed.domain.logIn('demo')
  assert.equal((await bed.account()).status, 'active')
})

test('an answer that was lost is not asked for again: the session is probed', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  await pass(bed, 21 * hour + 20 * minute)
  bed.simulator.faults.add({ kind: 'answer_lost', match: { path: renewalPath } })
  await pass(bed, 3 * hour)
  assert.equal(renewals(bed), 1)
  assert.equal((await bed.account()).lastFault?.code, 'answer_lost')
})

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: the broker is asked at its hours before anybody trades`, async () => {
    await using bed = await openBed(broker, { start: '2026-11-23T01:30:00Z' })
    await bed.domain.logIn('demo')
    bed.simulator.clearCalls()
    // 07:00 to 09:00.
    await pass(bed, 2 * hour)
    assert.equal(probes(bed), broker === 'kite' ? 2 : 1)
    await pass(bed, 15 * hour)
    assert.equal(probes(bed), broker === 'kite' ? 2 : 1)
  })

  test(`${broker}: the first hand-out of a day asks the broker once`, async () => {
    await using bed = await openBed(broker, { start: '2026-11-23T14:00:00Z' })
    await bed.domain.logIn('demo')
    await bed.handOut()
    bed.simulator.clearCalls()
    // 00:10 of the next day.
    await bed.clock.advance(4 * hour + 40 * minute)
    await bed.handOut()
    await bed.handOut()
    assert.equal(probes(bed), 1)
    await bed.clock.advance(minute)
    await bed.handOut()
    assert.equal(probes(bed), 1)
  })

  test(`${broker}: a session that died in the night is not handed out in the morning`, async () => {
    await using bed = await openBed(broker, { start: '2026-11-23T14:00:00Z' })
    const { apiKey } = await bed.domain.logIn('demo')
    await bed.handOut()
    bed.simulator.killSession(broker, apiKey)
    await bed.clock.advance(4 * hour + 40 * minute)
    await refused(bed.handOut(), 'session_revoked')
  })
}

test('a refusal and its end are one commit: nothing that is lost afterwards has the token sent again', async () => {
  const { net, asked } = refusing()
  await using bed = await openBed('kite', { ...approved, net })
  await bed.domain.logIn('demo')
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'bad_grant')
  assert.equal(asked.times, 1)
  // Nobody but the one who was refused has told the keeper of it.
  await pass(bed, 40 * hour)
  assert.equal(asked.times, 1)
  assert.equal(await bed.recorded('login.need'), 1)
})

test('a corrected secret has a renewal tried again that was given up', async () => {
  const { net, asked } = refusing()
  await using bed = await openBed('kite', { ...approved, net })
  await bed.domain.logIn('demo')
  await pass(bed, 40 * hour)
  assert.equal(asked.times, 1)
  await bed.domain.desk.accounts.edit(operator, 'demo', { label: 'Mine' })
  await pass(bed, hour)
  assert.equal(asked.times, 1)
  await bed.domain.desk.accounts.edit(operator, 'demo', { app: { apiSecret: 'c'.repeat(32) } })
  await pass(bed, hour)
  assert.equal(asked.times, 2)
})

test('whoever has lost his lease while he was stopped sends no token any more', async () => {
  await using bed = await openBed('kite', { ...approved })
  await bed.domain.logIn('demo')
  const { context, store } = bed.domain
  const claim = async (owner: string) => {
    const nowMs = bed.clock.nowMs() + 48 * hour
    const claimed = await store.claimWork({ owner, nowMs, leaseMs: 30_000, limit: 99, kinds: ['renewal'] })
    return claimed[0]!
  }
  const lease = await claim('one')
  await bed.clock.advance(minute)
  await claim('two')
  const account = (await store.accounts.byId(lease.accountId))!
  const means = { probes: new Probes(context), renewals: new Renewals(context) }
  await refused(deeds.renewal.do({ ...context, lease }, account, means), 'lease_lost')
  assert.equal(renewals(bed), 0)
  assert.deepEqual((await store.intents.open()).records, [])
})

/** A broker whose renewals cannot be reached while it is away, and when it was asked for one then. */
function unreachable() {
  const gone = {
    isAway: false,
    askedMs: [] as number[],
    net: (nowMs: () => number): Net => ({
      async send(request) {
        if (!gone.isAway || !request.url.endsWith(renewalPath)) return systemNet.send(request)
        gone.askedMs.push(nowMs())
        throw new NetError('not_sent', 'refused')
      },
    }),
  }
  return gone
}

/** A broker that knows no refresh token, and how often it was sent one. */
function refusing() {
  const said = { status: 'error', error_type: 'TokenException', message: 'Invalid `refresh_token`.' }
  const asked = { times: 0 }
  const net: typeof systemNet = {
    async send(request) {
      if (!request.url.endsWith(renewalPath)) return systemNet.send(request)
      asked.times++
      return { status: 403, headers: {}, text: JSON.stringify(said) }
    },
  }
  return { net, asked }
}
