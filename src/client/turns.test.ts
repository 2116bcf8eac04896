import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handOutOf } from '../../test/support/fake-line.ts'
import type { CallKind, CallLimits } from '../contracts/api.ts'
import { ManualClock } from '../core/clock.ts'
import { BhorError, isBhorError } from './errors.ts'
import { Turns } from './turns.ts'

const limits: CallLimits = {
  order: [
    [10, 1000],
    [25, 60_000],
  ],
  quote: [[1, 1000]],
  read: [[10, 1000]],
}
const session = handOutOf('papa', 1, { limits })

function open() {
  const clock = new ManualClock()
  const turns = new Turns(clock, (code, message, parts) => new BhorError(code, message, parts))
  const wentMs: number[] = []
  const startMs = clock.monotonicMs()
  const call = async (kind: CallKind | undefined, of = session) => {
    await turns.take(of, kind, undefined)
    wentMs.push(clock.monotonicMs() - startMs)
  }
  return { clock, turns, call, wentMs }
}

test('orders: ten go at once, and no second of the broker’s sees more, wherever it begins', async () => {
  const { clock, call, wentMs } = open()
  const all = Promise.all(Array.from({ length: 25 }, () => call('order')))
  await clock.advance(0)
  await clock.advance(5_000)
  await all
  for (const from of wentMs) assert.ok(wentMs.filter((ms) => ms >= from && ms < from + 1000).length <= 10)
  assert.deepEqual([wentMs[9], wentMs[10], wentMs[20]], [0, 1050, 2100])
})

test('the longer window holds too; what would go much later is refused, and says when it may come again', async () => {
  const { clock, turns, call, wentMs } = open()
  const all = Promise.all(Array.from({ length: 25 }, () => call('order')))
  await clock.advance(0)
  await clock.advance(5_000)
  await all
  await assert.rejects(turns.take(session, 'order', undefined), (error) => {
    assert.ok(isBhorError(error, 'rate_limited'))
    assert.equal(error.retryAfterMs, 55_050)
    return true
  })
  await clock.advance(50_000)
  const late = call('order')
  await clock.advance(6_000)
  await late
  assert.equal(wentMs.at(-1), 60_050)
})

test('each kind has its own limit, one that is not named counts with what reads', async () => {
  const { clock, call, wentMs } = open()
  const all = Promise.all([call('quote'), call('quote'), call(undefined), call('historical'), call('order')])
  await clock.advance(0)
  await clock.advance(2_000)
  await all
  assert.deepEqual(wentMs, [0, 0, 0, 0, 1050])
})

test('orders count for the account, everything else for its app', async () => {
  const { clock, call, wentMs } = open()
  const mama = handOutOf('mama', 1, { limits, userId: 'DM0002' })
  const elsewhere = handOutOf('baby', 1, { limits, apiKey: 'another' })
  const reads = Promise.all([...Array.from({ length: 10 }, () => call('read')), call('read', mama)])
  const other = call('read', elsewhere)
  const orders = Promise.all([...Array.from({ length: 10 }, () => call('order')), call('order', mama)])
  await clock.advance(0)
  await Promise.all([other, orders])
  assert.equal(wentMs.length, 10 + 1 + 11)
  await clock.advance(1_050)
  await reads
  assert.equal(wentMs.at(-1), 1_050)
})

test('a program that opens bhor twice has the limits once; a person counts once, whatever the accounts are called', async () => {
  const { clock, call, wentMs } = open()
  const again = new Turns(clock, (code, message, parts) => new BhorError(code, message, parts))
  const renamed = handOutOf('father', 1, { limits })
  const all = Promise.all([
    ...Array.from({ length: 10 }, () => call('order')),
    again.take(renamed, 'order', undefined).then(() => wentMs.push(-1)),
  ])
  await clock.advance(0)
  assert.equal(wentMs.length, 10)
  await clock.advance(1_050)
  await all
  assert.equal(wentMs.at(-1), -1)
})

test('a broker that asks to slow down is left alone for that long, by everybody', async () => {
  const { clock, turns, call, wentMs } = open()
  turns.hold(session, 'read', 3_000)
  const all = Promise.all([call('read'), call('read'), call('order')])
  await clock.advance(0)
  await clock.advance(3_000)
  await all
  assert.deepEqual(wentMs, [0, 3_000, 3_000])
})

test('a desk that names no limits holds nobody back', async () => {
  const { call, wentMs } = open()
  await Promise.all(Array.from({ length: 100 }, () => call('order', handOutOf('papa', 1))))
  assert.deepEqual(new Set(wentMs), new Set([0]))
})
