import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { operator } from '../../test/support/domain.ts'
import { openWorld } from '../../test/support/world.ts'

test('the keeper finds by itself that a login without an answer ended the session before it', async () => {
  await using world = await openWorld()
  await world.addAccount()
  const { apiKey } = await world.logIn('demo')
  const { desk } = world.app
  const status = async () => (await desk.accounts.get(operator, 'demo')).status
  await world.advance(30_000)
  assert.equal(await status(), 'active')
  // A login whose answer was lost, and that ended the session before it.
  world.simulator.faults.add({ kind: 'html', match: { method: 'POST' } })
  await assert.rejects(world.logIn('demo'), { code: 'answer_lost' })
  world.simulator.killSession('kite', apiKey)
  assert.equal(await status(), 'active')
  await world.advance(30_000)
  // The broker answers over a real socket.
  for (let turn = 0; turn < 20_000 && (await status()) === 'active'; turn++) await nextTurn()
  assert.equal(await status(), 'revoked')
  await assert.rejects(desk.sessions.handOut(operator, 'demo', {}), { code: 'session_revoked' })
})
