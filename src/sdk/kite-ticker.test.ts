import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed } from '../../test/support/bed.ts'
import { programOver } from '../../test/support/program.ts'
import { startTickServer } from '../../test/support/tick-server.ts'
import { ManualClock } from '../core/clock.ts'
import { kiteTicker } from './kite-ticker.ts'

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    assert.ok(tries < 1_000, 'it never came to be')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Lets minutes pass until it is so; connections take their own time. */
async function passing(clock: ManualClock, isSo: () => boolean): Promise<void> {
  for (let minutes = 0; !isSo(); minutes++) {
    assert.ok(minutes < 2_000, 'it never came to be')
    await clock.advance(60_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Whatever wants to end this process, as the official ticker does, is counted instead. */
function guardedExit(): Disposable & { count: number } {
  const { exit } = process
  const guard = {
    count: 0,
    [Symbol.dispose]() {
      process.exit = exit
    },
  }
  process.exit = (() => {
    guard.count++
  }) as unknown as typeof process.exit
  return guard
}

test('the official ticker: it comes back with what was subscribed, is built anew at a new token, and ends no process', async () => {
  using exits = guardedExit()
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  await using ticks = await startTickServer()
  const clock = new ManualClock()
  using ticker = await kiteTicker(bhor, 'demo', { root: ticks.root, clock })
  await assert.rejects(kiteTicker(bhor, 'demo', { root: ticks.root }), { code: 'already_exists' })
  let connects = 0
  let errors = 0
  ticker.on('connect', () => connects++)
  ticker.on('error', () => errors++)
  ticker.subscribe([738561, 256265])
  ticker.setMode('full', [738561])
  const asked = ['{"a":"subscribe","v":[738561,256265]}', '{"a":"mode","v":["full",[738561]]}']
  const first = (await bhor.session('demo')).accessToken

  ticker.connect()
  await clock.advance(0)
  await until(() => ticks.said.length === 2)
  assert.deepEqual([ticks.handshakes, ticks.said, ticker.connected()], [[first], asked, true])

  // The connection is cut.
  ticks.cut()
  await until(() => !ticker.connected())
  await until(() => ticks.connected().length === 0)
  await passing(clock, () => ticks.said.length === 4)
  assert.deepEqual(ticks.handshakes, [first, first])
  assert.deepEqual(ticks.said.slice(2), asked)

  // Somebody logs in: what is connected would go on with the old token, and never come back with it.
  await bed.clock.advance(10_000)
  await bed.domain.logIn('demo')
  await passing(clock, () => ticks.said.length === 6)
  const second = (await bhor.session('demo')).accessToken
  assert.deepEqual(ticks.connected(), [second])
  assert.deepEqual(ticks.said.slice(4), asked)
  assert.equal(connects, 3)

  // Nobody is let in, far longer than the official ticker would try.
  ticks.accepts = () => false
  ticks.cut()
  await until(() => ticks.connected().length === 0)
  const before = ticks.handshakes.length
  await passing(clock, () => ticks.handshakes.length >= before + 55)
  assert.ok(errors >= 50)
  ticks.accepts = () => true
  await passing(clock, () => ticks.connected().length > 0)
  assert.deepEqual(ticks.connected(), [second])

  ticker.disconnect()
  await until(() => ticks.connected().length === 0)
  await clock.advance(60_000)
  assert.equal(ticks.connected().length, 0)
  assert.equal(exits.count, 0)
})

test('the token of a sandbox account goes to no real broker', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await using bhor = programOver(bed)
  await assert.rejects(kiteTicker(bhor, 'demo'), { code: 'usage' })
})
