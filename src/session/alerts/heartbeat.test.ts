import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAlertWorld } from '../../../test/support/alerts/house.ts'
import { startReceiver } from '../../../test/support/alerts/receiver.ts'

test('the heartbeat is heard while all is well, and not while it is not', async () => {
  await using heart = await startReceiver()
  await using bed = await openAlertWorld({ env: { BHOR_HEARTBEAT_URL: `${heart.url}/ping/secret-id` } })
  const { world } = bed
  await bed.addPhone()
  const beat = async () => {
    const before = heart.received.length
    await world.app.desk.watch.beat()
    return heart.received.length - before
  }
  assert.equal(await beat(), 1)
  assert.equal(heart.received[0]?.path, '/ping/secret-id')
  // The alerts themselves do not get through.
  bed.phone.breakDown(502)
  const { desk, operator } = world.app
  for (let tries = 0; tries < 3; tries++) await assert.rejects(desk.alerts.test(operator, 'phone'))
  assert.equal(await beat(), 0)
  bed.phone.breakDown(0)
  await desk.alerts.test(operator, 'phone')
  assert.equal(await beat(), 1)
  world.app.desk.context.health.stopping()
  assert.equal(await beat(), 0)
})

test('a heartbeat that nobody hears is told, without its address, and that it is heard again', async () => {
  await using heart = await startReceiver({ status: 404 })
  await using bed = await openAlertWorld({ env: { BHOR_HEARTBEAT_URL: `${heart.url}/ping/secret-id` } })
  await bed.addPhone()
  let { watch } = bed.world.app.desk
  await watch.beat()
  await watch.look()
  await bed.send()
  assert.deepEqual(bed.said(), [])
  await watch.beat()
  await watch.look()
  await bed.pass(2)
  assert.deepEqual(bed.said(), [
    '! The heartbeat address does not answer\nThe receiver answers 404.\nCompare heartbeat_url with what its service shows.',
  ])
  // After a restart nobody knows at first whether it is heard by now.
  watch = (await bed.world.restart()).desk.watch
  await watch.look()
  await watch.beat()
  await watch.look()
  await bed.pass(2)
  assert.equal(bed.said().length, 1)
  heart.answer({})
  await watch.beat()
  await watch.look()
  await bed.pass(2)
  assert.match(bed.said()[1] ?? '', /^✓ Recovered\nThe heartbeat address does not answer, since/)
})
