import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAlertWorld } from '../../../test/support/alerts/house.ts'
import { ManualClock } from '../../core/clock.ts'
import { startSimulator } from '../../simulator/index.ts'

/** Monday, in market hours in India. */
const inMarket = '2026-11-23T05:00:00Z'

test('a clock that differs from the brokers’ closes every gate, and is told', async () => {
  const theirs = new ManualClock(inMarket)
  await using simulator = await startSimulator({ port: 0, clock: theirs, rateLimits: false })
  const clock = new ManualClock(theirs.now())
  await using bed = await openAlertWorld({ clock, simulator })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await bed.pass(2)
  await theirs.advance(120_000)
  clock.set(clock.now().add({ hours: 1 }))
  const { operator, desk } = world.app
  await desk.sessions.test(operator, 'papa')
  await desk.watch.look()
  await bed.send()
  assert.equal((await desk.gates.get(operator, 'papa')).reason, 'clock_doubtful')
  assert.deepEqual(bed.said(), [
    '‼ The clock of this computer is wrong\nThis computer’s clock is 60 min ahead of the simulated Zerodha Kite Connect.\nSet it: sessions end by it, and logins wait until it is right.',
  ])
})
