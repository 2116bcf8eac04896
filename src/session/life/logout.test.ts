import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: a logout ends the session here and at the broker, and is recorded once`, async () => {
    await using bed = await openBed(broker)
    await refused(bed.domain.desk.sessions.logout(operator, 'demo'), 'session_none')
    await bed.domain.logIn('demo')
    const { headers, baseUrl } = await bed.handOut()
    const view = await bed.domain.desk.sessions.logout(operator, 'demo')
    assert.equal(view.status, 'revoked')
    assert.match(view.statusText, /Logged out/)
    assert.equal(view.session?.endReason, 'logged_out')
    const profile = `${baseUrl}${broker === 'kite' ? '/user/profile' : '/v2/user/profile'}`
    assert.notEqual((await fetch(profile, { headers })).status, 200, 'the broker knows it no more')
    await refused(bed.handOut(), 'session_revoked')
    await refused(bed.domain.desk.sessions.test(operator, 'demo'), 'session_revoked')
    assert.equal(
      (await bed.domain.desk.sessions.logout(operator, 'demo')).status,
      'revoked',
      'asking again is no error',
    )
    assert.equal(await bed.recorded('session.logout'), 1)
    await bed.reopen()
    await refused(bed.handOut(), 'session_revoked')
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
  })

  test(`${broker}: a logout that the broker did not confirm says so, and the session is gone here`, async () => {
    await using bed = await openBed(broker)
    for (const [kind, code] of [
      ['html', 'broker_unavailable'],
      ['reset_after', 'broker_unavailable'],
      ['rate_limited', 'broker_rate_limited'],
      ['redirect', 'broker_redirect'],
    ] as const) {
      await bed.domain.logIn('demo')
      bed.simulator.faults.add({ kind, match: { method: 'DELETE' } })
      await refused(bed.domain.desk.sessions.logout(operator, 'demo'), code)
      await refused(bed.handOut(), 'session_revoked')
      assert.equal((await bed.account()).session?.endReason, 'logged_out')
    }
    assert.equal(await bed.recorded('session.logout', 'failed'), 4)
  })

  test(`${broker}: a logout that was not confirmed can be repeated until the broker confirms`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    const { headers, baseUrl } = await bed.handOut()
    const profile = `${baseUrl}${broker === 'kite' ? '/user/profile' : '/v2/user/profile'}`
    bed.simulator.faults.add({ kind: 'reset_before', match: { method: 'DELETE' } })
    await refused(bed.domain.desk.sessions.logout(operator, 'demo'), 'broker_unavailable')
    assert.equal((await fetch(profile, { headers })).status, 200, 'it still lives at the broker')
    await bed.domain.desk.sessions.logout(operator, 'demo')
    assert.notEqual((await fetch(profile, { headers })).status, 200)
  })

  test(`${broker}: a session that is already dead at the broker logs out all the same`, async () => {
    await using bed = await openBed(broker)
    const { apiKey } = await bed.domain.logIn('demo')
    bed.simulator.killSession(broker, apiKey)
    assert.equal((await bed.domain.desk.sessions.logout(operator, 'demo')).session?.endReason, 'logged_out')
  })

  test(`${broker}: two who log out at once end one session`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    await Promise.allSettled([
      bed.domain.desk.sessions.logout(operator, 'demo'),
      bed.domain.desk.sessions.logout(operator, 'demo'),
    ])
    assert.equal(await bed.recorded('session.logout'), 1)
    assert.equal((await bed.account()).session?.endReason, 'logged_out')
  })
}

test('a logout whose commit the store does not confirm goes by what is stored, and on to the broker', async () => {
  const blow = { isNext: false, isDone: false }
  const wrap = (store: Store): Store => ({
    ...store,
    async transaction(work) {
      if (!blow.isNext) return store.transaction(work)
      blow.isNext = false
      if (blow.isDone) await store.transaction(work)
      throw new BhorError('store_busy', 'On purpose.', { facts: { outcome: 'unknown' } })
    },
  })
  await using bed = await openBed('kite', { wrap })
  const calls = () => bed.simulator.calls({ method: 'DELETE' }).length
  const logout = () => bed.domain.desk.sessions.logout(operator, 'demo')
  await bed.domain.logIn('demo')
  Object.assign(blow, { isNext: true, isDone: false })
  await refused(logout(), 'store_busy')
  assert.deepEqual([(await bed.account()).status, calls()], ['active', 0])
  Object.assign(blow, { isNext: true, isDone: true })
  assert.equal((await logout()).session?.endReason, 'logged_out')
  assert.equal(calls(), 1)
})
