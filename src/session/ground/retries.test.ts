import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neverMs, type WorkRecord } from '../../contracts/work.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { seededRandom } from '../../core/random.ts'
import { notBefore } from './retries.ts'

const work = (attempt: number, kind: WorkRecord['kind'] = 'renewal'): WorkRecord => ({
  ...{ accountId: 'acc', kind, generation: 1, plannedAtMs: 0, notBeforeMs: 0, dueAtMs: 0, attempt },
  ...{ owner: '', epoch: 0, leasedUntilMs: 0 },
})

test('waits are spread evenly from nothing to the cap, which doubles and has an end', () => {
  const random = seededRandom('waits')
  const down = new BhorError('broker_unavailable')
  const draws = 20_000
  for (const [attempt, capMs] of [
    [0, 30_000],
    [1, 60_000],
    [4, 480_000],
    [5, 900_000],
    [19, 900_000],
  ] as const) {
    const waits = Array.from({ length: draws }, () => notBefore(random, 0, work(attempt, 'probe'), down))
    waits.sort((a, b) => a - b)
    assert.ok(waits.at(-1)! <= capMs, `attempt ${attempt}`)
    // Kolmogorov and Smirnov: a distance that chance alone gives once in a hundred times; the first second is left out.
    const distance = waits.reduce(
      (most, wait, at) => (wait <= 1_000 ? most : Math.max(most, Math.abs((at + 1) / draws - wait / capMs))),
      0,
    )
    assert.ok(distance < 1.63 / Math.sqrt(draws), `attempt ${attempt}: ${distance}`)
  }
})

test('what a broker has refused is never tried again, or not for ever', () => {
  const random = seededRandom('refused')
  assert.equal(notBefore(random, 0, work(0), new BhorError('bad_grant')), neverMs)
  for (const code of ['ip_not_allowed', 'internal'] as const) {
    assert.notEqual(notBefore(random, 0, work(18), new BhorError(code)), neverMs, code)
    assert.equal(notBefore(random, 0, work(19), new BhorError(code)), neverMs, code)
  }
})

test('what passes never has a renewal given up, however often it failed by it', () => {
  const random = seededRandom('passes')
  const passing: readonly ErrorCode[] = [
    ...(['broker_unavailable', 'broker_timeout', 'broker_closed', 'broker_rate_limited'] as const),
    ...(['broker_redirect', 'egress_unavailable', 'egress_proxy_login', 'rate_limited', 'sealed'] as const),
    ...(['login_in_progress', 'clock_doubtful', 'store_full', 'store_unavailable'] as const),
  ]
  for (const code of passing)
    assert.ok(notBefore(random, 0, work(5_000), new BhorError(code)) <= 900_000, code)
})
