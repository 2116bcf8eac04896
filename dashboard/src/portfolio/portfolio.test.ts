import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { call } from '../api.ts'
import { keepSession, leave } from '../session-state.ts'
import { isReading, loadPortfolio, portfolio } from './portfolio.ts'

const { fetch } = globalThis
afterEach(() => {
  globalThis.fetch = fetch
  leave(null)
})

/** A bhor that answers when it is told to, in whatever order. */
function slowBhor() {
  keepSession({ id: 'one', csrf: 'half-of-it', expiresAt: '2026-11-24T00:00:00Z' })
  const asked: ((body: object) => void)[] = []
  globalThis.fetch = () =>
    new Promise((resolve) => asked.push((body) => resolve(new Response(JSON.stringify(body)))))
  return async (at: number, asOf: string) => {
    asked[at]!({ asOf, partial: false, accounts: [], totals: [] })
    await nextTurn()
    await nextTurn()
  }
}

test('of reads that overlap only the last one is shown, and ends the waiting', async () => {
  const answer = slowBhor()
  const reads = [loadPortfolio(), loadPortfolio()]
  await answer(1, '2026-11-23T04:00:05Z')
  assert.deepEqual([portfolio.value?.asOf, isReading.value], ['2026-11-23T04:00:05Z', false])
  await answer(0, '2026-11-23T04:00:00Z')
  assert.equal(portfolio.value?.asOf, '2026-11-23T04:00:05Z', 'the older answer comes too late')
  await Promise.all(reads)
  const [, last] = [loadPortfolio(), loadPortfolio()]
  await answer(2, '2026-11-23T04:00:10Z')
  assert.deepEqual([portfolio.value?.asOf, isReading.value], ['2026-11-23T04:00:05Z', true], 'it still waits')
  await answer(3, '2026-11-23T04:00:12Z')
  await last
  assert.deepEqual([portfolio.value?.asOf, isReading.value], ['2026-11-23T04:00:12Z', false])
})

test('an answer that comes after the session has ended is dropped', async () => {
  const answer = slowBhor()
  const [read, other] = [loadPortfolio(), call('GET /v1/keys')]
  leave(null)
  const ends = Promise.all([assert.rejects(read), assert.rejects(other)])
  await answer(0, '2026-11-23T04:00:00Z')
  await answer(1, '2026-11-23T04:00:00Z')
  await ends
  assert.deepEqual([portfolio.value, isReading.value], [null, false])
  // Nor does it belong to whoever comes next.
  const late = slowBhor()
  const old = loadPortfolio()
  leave(null)
  keepSession({ id: 'two', csrf: 'another-half', expiresAt: '2026-11-24T00:00:00Z' })
  await Promise.all([assert.rejects(old), late(0, '2026-11-23T04:00:00Z')])
  assert.equal(portfolio.value, null)
})
