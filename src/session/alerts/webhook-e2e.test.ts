import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { openAlertWorld } from '../../../test/support/alerts/house.ts'
import { startReceiver } from '../../../test/support/alerts/receiver.ts'
import { openWorld } from '../../../test/support/world.ts'
import { eventOf } from '../events/wire.ts'

test('a webhook gets what is told of a session, signed as Standard Webhooks says, one by one', async () => {
  await using receiver = await startReceiver()
  await using world = await openWorld({ env: { BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' } })
  const { desk, operator } = world.app
  const { made } = await desk.alerts.add(operator, {
    name: 'bot',
    kind: 'webhook',
    secrets: { url: `${receiver.url}/hook?key=very-secret-path` },
  })
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await desk.courier.look()
  assert.equal(receiver.received.length, 1)
  const { headers, body, path } = receiver.received[0]!
  assert.equal(path, '/hook?key=very-secret-path')
  // The library looks at the machine's clock, which is not that of this world.
  const secret = new Webhook(made.secret!)
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  assert.equal(at.getTime(), world.clock.nowMs())
  const id = headers['webhook-id'] as string
  assert.equal(headers['webhook-signature'], secret.sign(id, at, body))
  const event = JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> }
  assert.equal(event.type, 'session.started')
  const { account, broker, kind, generation, alert, startedBy } = event.data
  assert.deepEqual(
    [account, broker, kind, generation, alert, startedBy],
    ['papa', 'kite', 'sandbox', 1, 'session_started', 'login'],
  )
  const [view] = await desk.alerts.list(operator)
  assert.deepEqual([view?.state, view?.waiting, view?.lastFailure], ['working', 0, null])
  assert.equal(JSON.stringify(view).includes('very-secret'), false)
})

test('a webhook does not get every event; the feed has them', async () => {
  // Midnight in India.
  await using bed = await openAlertWorld({ start: '2026-11-23T18:30:00Z' })
  const { world } = bed
  const { desk, operator } = world.app
  await bed.addHook()
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await desk.gates.set(operator, 'papa', { state: 'closed' })
  await desk.accounts.edit(operator, 'papa', { label: 'Mine' })
  await bed.pass(2)
  assert.deepEqual(bed.types(), ['session.started'])
  const { records } = await world.app.store.feed.after(0, 100)
  const told = records.flatMap((row) => eventOf(row)?.event ?? [])
  for (const name of ['session.started', 'login.finished', 'gate.changed', 'account.changed'] as const)
    assert.ok(told.includes(name), name)
})
