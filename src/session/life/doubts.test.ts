import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, otherUser, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { openMeanwhile } from '../../../test/support/meanwhile.ts'

for (const broker of ['kite', 'upstox']) {
  const open = async () => {
    const bed = await openBed(broker)
    const asked = () => bed.simulator.calls({ broker, path: profilePath[broker]! }).length
    const settle = () => bed.domain.desk.keeper.look()
    return { bed, asked, settle }
  }

  test(`${broker}: nobody is asked about a session that nothing has touched`, async () => {
    const { bed, asked, settle } = await open()
    await using _bed = bed
    await settle()
    await bed.domain.logIn('demo')
    bed.simulator.clearCalls()
    await settle()
    assert.equal(asked(), 0)
  })

  test(`${broker}: a session that a failed login ended at the broker is found dead and handed out no more`, async () => {
    const { bed, asked, settle } = await open()
    await using _bed = bed
    await bed.domain.logIn('demo')
    await bed.clock.advance(60_000)
    await refused(bed.domain.logIn('demo', { userId: otherUser }), 'wrong_user')
    assert.equal((await bed.account()).status, 'active', 'bhor cannot know yet')
    bed.simulator.clearCalls()
    await settle()
    assert.equal(asked(), 1)
    assert.equal((await bed.account()).status, 'revoked')
    await refused(bed.handOut(), 'session_revoked')
    await settle()
    assert.equal(asked(), 1, 'what is settled is not asked again')
    assert.equal(await bed.recorded('session.probe', 'failed'), 1)
    assert.equal(await bed.recorded('session.revoke'), 1)
  })

  test(`${broker}: a broker without an answer is asked again after five minutes, and a session that lives stays`, async () => {
    const { bed, asked, settle } = await open()
    await using _bed = bed
    await bed.domain.logIn('demo')
    await bed.clock.advance(60_000)
    bed.simulator.faults.add({ kind: 'status', match: { method: 'POST' } })
    const { url } = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
    await assert.rejects(bed.domain.arrive(bed.simulator.logIn(broker, url!)))
    assert.ok((await bed.account()).lastFault)
    bed.simulator.clearCalls()
    bed.simulator.faults.add({ kind: 'status', match: { path: profilePath[broker]! } })
    await settle()
    assert.equal((await bed.account()).lastProbe?.verdict, 'unknown')
    await bed.clock.advance(5 * 60_000 - 1)
    await settle()
    assert.equal(asked(), 1)
    await bed.clock.advance(1)
    await settle()
    assert.equal(asked(), 2)
    const view = await bed.account()
    assert.deepEqual([view.status, view.lastProbe?.verdict], ['active', 'valid'])
    await bed.clock.advance(5 * 60_000)
    await settle()
    assert.equal(asked(), 2)
    await bed.handOut()
  })

  test(`${broker}: an answer to a question from before the fault settles nothing, and a server that ends asks nobody`, async () => {
    const meanwhile = openMeanwhile()
    await using bed = await openBed(broker, { net: meanwhile.net })
    const { apiKey } = await bed.domain.logIn('demo')
    await bed.clock.advance(60_000)
    const { url } = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
    const callback = bed.simulator.logIn(broker, url!)
    meanwhile.work = async () => {
      await bed.clock.advance(1_000)
      bed.simulator.faults.add({ kind: 'answer_lost', match: { method: 'POST' } })
      await refused(bed.domain.arrive(callback), 'answer_lost')
      bed.simulator.killSession(broker, apiKey)
    }
    assert.equal(
      (await bed.domain.desk.sessions.test(operator, 'demo')).verdict,
      'valid',
      'true when it was asked',
    )
    bed.simulator.clearCalls()
    await bed.domain.desk.keeper.look(() => true)
    assert.equal(bed.simulator.calls({ broker }).length, 0)
    await bed.domain.desk.keeper.look()
    assert.equal((await bed.account()).status, 'revoked')
  })
}

test('a broker that acts after its answer timed out: it is asked at once, and again when nothing can come any more', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  const { apiKey } = await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  bed.simulator.faults.add({ kind: 'reset_before', match: { path: '/session/refresh_token' } })
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'answer_lost')
  bed.simulator.faults.clear()
  await bed.clock.advance(1)
  await bed.domain.desk.keeper.look()
  assert.equal((await bed.account()).lastProbe?.verdict, 'valid', 'true when it was asked')
  assert.equal((await bed.account()).gate.reason, 'session_doubted')
  await bed.clock.advance(5_000)
  bed.simulator.killSession('kite', apiKey)
  await bed.clock.advance(5_000)
  await bed.domain.desk.keeper.look()
  assert.equal((await bed.account()).status, 'revoked')
})

test('nothing is left of the doubt once the broker has said so after that time', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  bed.simulator.faults.add({ kind: 'reset_before', match: { path: '/session/refresh_token' } })
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'answer_lost')
  bed.simulator.faults.clear()
  await bed.clock.advance(10_001)
  await bed.domain.desk.keeper.look()
  const { status, gate } = await bed.account()
  assert.deepEqual([status, gate.state], ['active', 'open'])
})
