import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PastSession } from '../../../../src/contracts/activity.ts'
import { pastDays } from './history.ts'

const session = (generation: number, startedAt: string, more: Partial<PastSession> = {}): PastSession => ({
  generation,
  startedAt,
  startedBy: 'login',
  userId: 'DM0001',
  userName: 'Demo User',
  expiresAt: '2026-11-25T00:30:00Z',
  endedAt: null,
  end: null,
  ...more,
})

test('thirty days of India, today last; a day has the sessions that began on it, and the end of its last one', () => {
  const days = pastDays(
    [
      session(4, '2026-11-24T03:10:00Z'),
      session(3, '2026-11-23T18:31:00Z', { end: 'replaced' }),
      session(2, '2026-11-23T18:29:00Z', { end: 'revoked' }),
      session(1, '2026-10-26T03:00:00Z', { end: 'expired' }),
    ],
    Date.parse('2026-11-24T18:00:00Z'),
  )
  assert.equal(days.length, 30)
  assert.deepEqual([days[0]?.date, days.at(-1)?.date], ['2026-10-26', '2026-11-24'])
  const told = days
    .filter(({ end }) => end !== null)
    .map(({ date, end, sessions }) => [date, end, sessions.length])
  assert.deepEqual(told, [
    ['2026-10-26', 'expired', 1],
    ['2026-11-23', 'revoked', 1],
    ['2026-11-24', 'live', 2],
  ])
  assert.deepEqual(
    days.at(-1)?.sessions.map(({ generation }) => generation),
    [3, 4],
  )
  assert.ok(days.every(({ date }, at) => at === 0 || date > (days[at - 1]?.date ?? '')))
})
