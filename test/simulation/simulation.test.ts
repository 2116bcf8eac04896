import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeats, simulateMany, summary } from './many.ts'

const isLong = process.env.LONG_TESTS === '1'
/** As many worlds as the command runs by thousands, each from a seed of its own. */
const runs = [
  { count: isLong ? 500 : 200, days: 3 },
  { count: isLong ? 100 : 20, days: 30 },
]

for (const { count, days } of runs) {
  test(`${count} worlds of ${days} days hold every invariant after every step`, async (t) => {
    const orders = Array.from({ length: count }, (_, at) => ({ seed: at + 1, days }))
    const results = await simulateMany(orders, undefined, ({ failure }) => failure !== undefined)
    const wrong = results.find(({ failure }) => failure)
    if (wrong?.failure) assert.fail(`${wrong.failure.text}\nAgain: ${repeats(wrong)}`)
    t.diagnostic(summary(results))
  })
}

test('the same seed gives the same trace, another one another', async () => {
  const orders = [1, 1, 2].map((seed) => ({ seed, days: 2 }))
  const results = await simulateMany(orders)
  const traces = (seed: number) => results.filter((result) => result.seed === seed).map(({ trace }) => trace)
  assert.equal(new Set(traces(1)).size, 1)
  assert.notEqual(traces(1)[0], traces(2)[0])
})
