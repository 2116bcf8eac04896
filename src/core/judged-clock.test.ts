import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './clock.ts'
import { JudgedClock } from './judged-clock.ts'

const start = Temporal.Instant.from('2026-11-23T03:00:00Z').epochMilliseconds
const hour = 60 * 60_000

function clocks() {
  const host = new ManualClock('2026-11-23T03:00:00Z')
  return { host, clock: new JudgedClock(host) }
}
function set(host: ManualClock, ms: number) {
  host.set(Temporal.Instant.fromEpochMilliseconds(ms))
}

test('below five seconds the host’s clock counts, from there on the broker’s', () => {
  for (const aheadMs of [0, 4_999, -4_999, 5_000, -5_000, 5.5 * hour]) {
    const { clock } = clocks()
    clock.heard('broker', 'Kite', start - aheadMs, 0)
    const isTold = Math.abs(aheadMs) >= 5_000
    assert.equal(clock.skew?.ms, isTold ? aheadMs : undefined, String(aheadMs))
    assert.equal(clock.nowMs(), isTold ? start - aheadMs : start, String(aheadMs))
    assert.equal(clock.hostNowMs(), start)
  }
})

test('a difference that the way of the answer explains is none, and an answer of minutes says nothing', async () => {
  const { host, clock } = clocks()
  await host.advance(30_000)
  clock.heard('broker', 'Kite', start + 4_000, 0)
  assert.equal(clock.skew, undefined)
  await host.advance(60_000)
  const late = clocks()
  await late.host.advance(61_000)
  late.clock.heard('broker', 'Kite', start - hour, 0)
  assert.equal(late.clock.isConfirmed, false)
})

test('a broker outranks the database, whoever spoke last', () => {
  const { clock } = clocks()
  clock.heard('broker', 'Kite', start, 0)
  clock.heard('store', 'database', start - hour, 0)
  assert.equal(clock.nowMs(), start)
  const alone = clocks().clock
  alone.heard('store', 'database', start - hour, 0)
  assert.equal(alone.nowMs(), start - hour)
})

test('a simulator that agrees proves nothing but the ends of its own sessions', () => {
  const { host, clock } = clocks()
  clock.notBefore(start - hour)
  clock.heard('sandbox', 'Kite', start, 0)
  assert.deepEqual([clock.isUnsure(start - 1), clock.isUnsure(start - 1, true)], [true, false])
  assert.equal(clock.isConfirmed, false)
  clock.heard('store', 'database', start, 0)
  assert.equal(clock.isUnsure(start - 1), false)

  // It jumps with the clock of this computer, and leaves no time that the next one must not be before.
  set(host, start + 24 * hour)
  clock.heard('sandbox', 'Kite', start + 24 * hour, 0)
  set(host, start + hour)
  assert.deepEqual([clock.isTurnedBack(), clock.isTurnedBack(true)], [false, false])
  set(host, 10_000)
  clock.heard('sandbox', 'Kite', 10_000, 0)
  assert.deepEqual([clock.isTurnedBack(), clock.isTurnedBack(true)], [true, false])
  assert.deepEqual([clock.isUnsure(start + hour), clock.isUnsure(start + hour, true)], [true, false])
})

test('a simulator that differs is told and reckoned with, behind every other word; a session elsewhere stays unsure', () => {
  const { clock } = clocks()
  clock.notBefore(start - hour)
  clock.heard('sandbox', 'Kite', start + 24 * hour, 0)
  assert.deepEqual([clock.skew?.source, clock.nowMs()], ['sandbox', start + 24 * hour])
  // By its time alone nothing of a broker's has ended.
  assert.deepEqual([clock.isUnsure(start + hour), clock.isUnsure(start + hour, true)], [true, false])
  clock.heard('store', 'database', start - 10_000, 0)
  assert.equal(clock.nowMs(), start - 10_000)
  clock.heard('broker', 'Kite', start, 0)
  clock.heard('sandbox', 'Kite', start + 24 * hour, 0)
  assert.deepEqual([clock.skew, clock.nowMs()], [undefined, start])
})

test('after a start, what ended since the last record is unsure until somebody names the time', () => {
  const { clock } = clocks()
  clock.notBefore(start - hour)
  assert.equal(clock.isUnsure(start - 2 * hour), false)
  assert.equal(clock.isUnsure(start - 1), true)
  assert.equal(clock.isUnsure(start + 1), false)
  clock.heard('broker', 'Kite', start, 0)
  assert.equal(clock.isUnsure(start - 1), false)
})

test('a clock behind what bhor has written leaves every end to come unsure', () => {
  const { host, clock } = clocks()
  clock.notBefore(start)
  set(host, 10_000)
  assert.equal(clock.isTurnedBack(), true)
  assert.equal(clock.isUnsure(start - 1), false)
  assert.equal(clock.isUnsure(start + hour), true)
  clock.heard('broker', 'Kite', start, 0)
  assert.equal(clock.isTurnedBack(), false)
  assert.ok(Math.abs(clock.nowMs() - start) <= 1)
})

test('a jump is seen, undoes what was heard, and leaves what it jumped over unsure', async () => {
  const { host, clock } = clocks()
  let jumps = 0
  using _ = clock.onJump(() => jumps++)
  clock.heard('broker', 'Kite', start, 0)
  await host.advance(1_000)
  assert.equal(jumps, 0)
  set(host, start + 24 * hour)
  assert.equal(clock.isConfirmed, false)
  assert.equal(jumps, 1)
  assert.equal(clock.isUnsure(start + hour), true)
  assert.equal(clock.isUnsure(start), false)
  // The half minute is over, and the clock is right again.
  await host.advance(30_000)
  set(host, start + 31_000)
  assert.equal(clock.isUnsure(start + hour), false)
  assert.equal(clock.isTurnedBack(), false)
})

test('who sets a wrong clock right is believed at once', () => {
  const { host, clock } = clocks()
  clock.heard('broker', 'Kite', start + 5.5 * hour, 0)
  assert.equal(clock.nowMs(), start + 5.5 * hour)
  set(host, start + 5.5 * hour)
  assert.equal(clock.nowMs(), start + 5.5 * hour)
  assert.equal(clock.isUnsure(start + 5 * hour), false)
  assert.equal(clock.isTurnedBack(), false)
})
