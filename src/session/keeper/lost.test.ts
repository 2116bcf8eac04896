import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangePath, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { systemNet } from '../../net/system.ts'

test('kite: an answer from before a lost exchange came to the broker says nothing of afterwards', async () => {
  let isDead = false
  let arrived = () => {}
  const sent = new Promise<void>((resolve) => {
    arrived = resolve
  })
  await using bed = await openBed('kite', {
    net: {
      async send(request) {
        if (!isDead || !request.url.endsWith(exchangePath.kite!)) return systemNet.send(request)
        // The intent is written, and the broker has not seen it yet.
        assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
        await systemNet.send(request)
        arrived()
        return new Promise<never>(() => {})
      },
    },
  })
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  const callback = await bed.domain.callbackFor('demo')
  isDead = true
  await Promise.race([sent, bed.domain.arrive(callback)])
  isDead = false
  await bed.clock.advance(60_000)
  await bed.domain.desk.keeper.look()
  assert.equal((await bed.account()).lastFault?.code, 'answer_lost')
  await refused(bed.handOut(), 'session_revoked')
})
