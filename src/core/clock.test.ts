import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foregroundClock, longestTimerMs, ManualClock, systemClock } from './clock.ts'

test('a manual clock runs what falls due, in order, at its own time', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} ${clock.monotonicMs()}`)
  clock.after(20, note('b'))
  clock.after(10, note('a'))
  clock.after(20, note('c'))
  clock.after(-5, note('now'))
  clock.after(10, () => clock.after(5, note('from a')))
  const gone = clock.after(15, note('gone'))
  gone[Symbol.dispose]()
  await clock.advance(19)
  assert.deepEqual(ran, ['now 0', 'a 10', 'from a 15'])
  await clock.advance(1)
  assert.deepEqual(ran.slice(3), ['b 20', 'c 20'])
  assert.equal(clock.now().toString(), '2026-11-23T03:00:00.02Z')
})

test('who waits for no time at all, again and again, is noticed', async () => {
  const clock = new ManualClock()
  const again = () => void clock.after(0, again)
  again()
  await assert.rejects(clock.advance(1), /at one moment without end/)
})

test('setting the wall clock lets no time pass', async () => {
  const clock = new ManualClock()
  let ran = false
  clock.after(1, () => {
    ran = true
  })
  clock.set('2100-01-01T00:00:00Z')
  assert.equal(clock.monotonicMs(), 0)
  assert.equal(ran, false)
  await clock.advance(1)
  assert.equal(ran, true)
  assert.equal(clock.now().toString(), '2100-01-01T00:00:00.001Z')
})

test('no timer is longer than a minute, so that a wall clock that jumped is looked at again', async () => {
  const clock = new ManualClock()
  for (const delayMs of [longestTimerMs, longestTimerMs + 1, 2 ** 31, 8.64e15, Number.POSITIVE_INFINITY]) {
    let ranAt = -1
    const startMs = clock.monotonicMs()
    clock.after(delayMs, () => {
      ranAt = clock.monotonicMs() - startMs
    })
    await clock.advance(longestTimerMs)
    assert.equal(ranAt, longestTimerMs)
  }
})

test('a real timer of any length does not fire at once, and ends when disposed', async () => {
  for (const clock of [systemClock, foregroundClock]) {
    for (const delayMs of [2 ** 31, 8.64e15, Number.POSITIVE_INFINITY]) {
      using _timer = clock.after(delayMs, () => assert.fail('fired at once'))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await clock.sleep(0)
  }
})

test('a sleep ends by its time or by its signal, and leaves nothing behind', async () => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const slept = clock.sleep(50, stop.signal).then(() => 'slept')
  await clock.advance(50)
  assert.equal(await slept, 'slept')
  const cut = clock.sleep(50, stop.signal)
  stop.abort(new Error('enough'))
  await assert.rejects(cut, /enough/)
  await assert.rejects(clock.sleep(50, stop.signal), /enough/)
})

test('a manual clock tells one time in both ways, when it runs and when it is set', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  await clock.advance(1234)
  assert.equal(clock.nowMs(), Date.parse('2026-11-23T03:00:01.234Z'))
  assert.equal(clock.now().epochMilliseconds, clock.nowMs())
  clock.set('2026-01-01T00:00:00Z')
  assert.equal(clock.nowMs(), Date.parse('2026-01-01T00:00:00Z'))
})

test('the machine’s clock grows, and agrees with itself', () => {
  const [a, b] = [systemClock.monotonicMs(), systemClock.monotonicMs()]
  assert.ok(b >= a)
  const driftMs = Math.abs(systemClock.now().epochMilliseconds - Date.now())
  assert.ok(driftMs < 60_000)
  assert.ok(Math.abs(systemClock.nowMs() - Date.now()) < 60_000)
})
