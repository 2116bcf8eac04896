import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { openMeanwhile } from '../../../test/support/meanwhile.ts'
import { systemNet } from '../../net/system.ts'
import type { FaultKind } from '../../simulator/index.ts'
import { Probes } from './probe.ts'

const harmless: readonly (readonly [FaultKind, string])[] = [
  ['slow', 'broker_timeout'],
  ['drip', 'broker_timeout'],
  ['status', 'broker_unavailable'],
  ['html', 'broker_unavailable'],
  ['garbage', 'broker_unavailable'],
  ['reset_before', 'broker_unavailable'],
  ['reset_after', 'broker_unavailable'],
  ['answer_lost', 'broker_unavailable'],
  ['huge', 'broker_unavailable'],
  ['rate_limited', 'broker_rate_limited'],
  ['redirect', 'broker_redirect'],
  ['ip_refused', 'ip_not_allowed'],
]

test('tests at one moment share a call, and more than the broker’s budget is refused', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  bed.simulator.clearCalls()
  const asked = () => bed.simulator.calls({ path: profilePath.kite! }).length
  await Promise.all(Array.from({ length: 20 }, () => bed.domain.desk.sessions.test(operator, 'demo')))
  assert.equal(asked(), 1)
  for (let i = 0; i < 5; i++) await bed.domain.desk.sessions.test(operator, 'demo')
  await refused(bed.domain.desk.sessions.test(operator, 'demo'), 'rate_limited')
  assert.equal(asked(), 6)
  await bed.clock.advance(60_000)
  assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
})

test('whoever asks briefly waits for four seconds; the question goes on, and others share it', async () => {
  const held = { reached: Promise.withResolvers<void>(), goes: Promise.withResolvers<void>() }
  let isHeld = false
  await using bed = await openBed('kite', {
    net: {
      async send(request) {
        if (request.url.endsWith('/user/profile') && isHeld) {
          held.reached.resolve()
          await held.goes.promise
        }
        return systemNet.send(request)
      },
    },
  })
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  bed.simulator.clearCalls()
  isHeld = true
  const { context } = bed.domain
  const account = (await context.store.accounts.byAlias('demo'))!
  const probes = new Probes(context)
  let isBack = false
  const first = probes.askBriefly(account).then(() => {
    isBack = true
  })
  await held.reached.promise
  await bed.clock.advance(3_999)
  assert.equal(isBack, false)
  await bed.clock.advance(1)
  assert.equal(isBack, true)
  await first
  assert.equal((await bed.account()).lastProbe?.at, '2026-11-23T03:00:00Z')
  const second = probes.askBriefly(account)
  held.goes.resolve()
  await second
  assert.equal((await bed.account()).lastProbe?.at, '2026-11-23T03:01:00Z')
  assert.equal(bed.simulator.calls({ path: profilePath.kite! }).length, 1)
  // A question that is refused is over, too.
  bed.simulator.killSession('kite', (await bed.account()).apiKey)
  await probes.askBriefly(account)
  await probes.askBriefly(account)
  assert.equal((await bed.account()).status, 'revoked')
})

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: only the broker’s own word ends a session; every other fault leaves it alive`, async () => {
    let isWaiting = false
    await using bed = await openBed(broker, {
      net: {
        send: (request) => systemNet.send(isWaiting ? { ...request, timeoutMs: 150 } : request),
      },
    })
    await bed.domain.logIn('demo')
    for (const [kind, code] of harmless) {
      await bed.clock.advance(10_000)
      bed.simulator.faults.add({ kind, match: { path: profilePath[broker]! } })
      isWaiting = kind === 'slow' || kind === 'drip'
      const result = await bed.domain.desk.sessions.test(operator, 'demo')
      isWaiting = false
      assert.deepEqual([kind, result.verdict, result.code], [kind, 'unknown', code])
      const view = await bed.account()
      assert.equal(view.status, 'active', kind)
      assert.deepEqual([view.lastProbe?.verdict, view.lastProbe?.code], ['unknown', code])
      await bed.handOut()
    }
    await bed.clock.advance(10_000)
    const good = await bed.domain.desk.sessions.test(operator, 'demo')
    assert.equal(good.verdict, 'valid')
    assert.equal(good.profile?.userId, (await bed.account()).userId)
    assert.equal(await bed.recorded('session.probe', 'failed'), harmless.length)
    assert.equal(await bed.recorded('session.probe', 'ok'), 1)
    assert.equal(await bed.recorded('session.revoke'), 0)
  })

  test(`${broker}: a session killed from outside is found dead and handed out no more`, async () => {
    await using bed = await openBed(broker)
    const { apiKey } = await bed.domain.logIn('demo')
    await bed.handOut()
    bed.simulator.killSession(broker, apiKey)
    const result = await bed.domain.desk.sessions.test(operator, 'demo')
    assert.deepEqual([result.verdict, result.code], ['invalid', 'session_revoked'])
    const view = await bed.account()
    assert.equal(view.status, 'revoked')
    assert.equal(view.session?.endReason, 'revoked')
    await refused(bed.handOut(), 'session_revoked')
    await refused(bed.domain.desk.sessions.test(operator, 'demo'), 'session_revoked')
    assert.equal(await bed.recorded('session.revoke'), 1)
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
  })

  test(`${broker}: what was learnt about one generation says nothing about the next`, async () => {
    const meanwhile = openMeanwhile()
    await using bed = await openBed(broker, { net: meanwhile.net })
    const { apiKey } = await bed.domain.logIn('demo')
    bed.simulator.killSession(broker, apiKey)
    meanwhile.work = async () => void (await bed.domain.logIn('demo'))
    const result = await bed.domain.desk.sessions.test(operator, 'demo')
    assert.equal(result.verdict, 'invalid')
    const view = await bed.account()
    assert.equal(view.generation, 2)
    assert.equal(view.status, 'active')
    assert.equal(view.lastProbe?.verdict, 'valid', 'the answer about generation 1 does not stand at 2')
    assert.equal((await bed.handOut()).generation, 2)
    assert.equal(await bed.recorded('session.revoke'), 0)
  })

  test(`${broker}: a session that turns out to be another person’s is dropped`, async () => {
    let isOther = false
    await using bed = await openBed(broker, {
      net: {
        async send(request) {
          const reply = await systemNet.send(request)
          return isOther ? { ...reply, text: reply.text.replaceAll(/DM000[12]/g, 'DM0099') } : reply
        },
      },
    })
    await bed.domain.logIn('demo')
    isOther = true
    const result = await bed.domain.desk.sessions.test(operator, 'demo')
    assert.deepEqual([result.verdict, result.code], ['invalid', 'wrong_user'])
    await refused(bed.handOut(), 'session_revoked')
  })
}
