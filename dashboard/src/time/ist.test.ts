import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  countdown,
  endsText,
  endsWords,
  greeting,
  istClock,
  istDay,
  leftText,
  lifeGone,
  whenText,
} from './ist.ts'

const at = (iso: string) => Date.parse(iso)
const minute = 60_000
const hour = 60 * minute

test('clocks and days are those of India, whatever zone the device is in', () => {
  assert.equal(istClock(at('2026-11-24T00:30:00Z')), '06:00')
  assert.equal(istClock(at('2026-11-23T18:30:00Z')), '00:00')
  const now = at('2026-11-23T18:29:59Z')
  assert.equal(istDay(now, now), 'today')
  assert.equal(istDay(at('2026-11-23T18:30:00Z'), now), 'tomorrow')
  assert.equal(istDay(at('2026-11-22T18:29:59Z'), now), 'yesterday')
  assert.equal(istDay(at('2026-11-26T06:00:00Z'), now), 'Thu 26 Nov')
})

test('a session’s end is told with its day and what is left', () => {
  const now = at('2026-11-23T10:18:00Z')
  assert.equal(endsText('2026-11-24T00:30:00Z', now), 'ends 06:00 tomorrow IST · 14 h 12 min left')
  assert.deepEqual(endsWords('2026-11-23T00:30:00Z', now), ['ended 06:00 today IST'])
  assert.equal(endsText('nonsense', now), '')
  assert.equal(whenText('2026-11-23T02:42:00Z', now), 'today 08:12 IST')
  assert.equal(whenText('nonsense', now), '')
})

test('what is left gets finer towards the end', () => {
  assert.equal(leftText(49 * hour), '2 d 1 h left')
  assert.equal(leftText(hour), '1 h 0 min left')
  assert.equal(leftText(hour - 1), '59 min left')
  assert.equal(leftText(10 * minute), '10 min left')
  assert.equal(leftText(10 * minute - 1), '9 min 59 s left')
  assert.equal(leftText(41_000), '41 s left')
  assert.equal(leftText(0), 'over')
  assert.equal(leftText(-1), 'over')
})

test('a countdown never goes below zero', () => {
  assert.equal(countdown(581_000, 0), '9:41')
  assert.equal(countdown(9_999, 0), '0:09')
  assert.equal(countdown(0, 5_000), '0:00')
})

test('the gone part of a life stays between 0 and 1', () => {
  const [from, until] = ['2026-11-23T00:00:00Z', '2026-11-23T10:00:00Z']
  assert.equal(lifeGone(from, until, at('2026-11-23T05:00:00Z')), 0.5)
  assert.equal(lifeGone(from, until, at('2026-11-22T05:00:00Z')), 0)
  assert.equal(lifeGone(from, until, at('2026-11-24T05:00:00Z')), 1)
  assert.equal(lifeGone(until, from, at(from)), 1)
  assert.equal(lifeGone('nonsense', until, at(from)), 1)
})

test('the greeting follows the hour in India', () => {
  assert.equal(greeting(at('2026-11-23T02:30:00Z')), 'Good morning')
  assert.equal(greeting(at('2026-11-23T06:30:00Z')), 'Good afternoon')
  assert.equal(greeting(at('2026-11-23T11:30:00Z')), 'Good evening')
  assert.equal(greeting(at('2026-11-23T22:29:59Z')), 'Good evening')
})
