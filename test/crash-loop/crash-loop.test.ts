import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryCore } from '../support/every-core.ts'
import { scenarios } from './scenarios/index.ts'
import { type Order, ordersOf, type Struck } from './strikes.ts'

const isLong = process.env.LONG_TESTS === '1'
const orders = ordersOf(isLong)
const struck = new Map<string, PromiseWithResolvers<Struck>>()
for (const { scenario, broker } of orders) struck.set(`${scenario} ${broker}`, Promise.withResolvers())
const told = (result: Struck, { scenario, broker }: Order) =>
  struck.get(`${scenario} ${broker}`)?.resolve(result)
const all = onEveryCore<Order, Struck>(new URL('./worker.ts', import.meta.url), orders, told)
all.catch((error: unknown) => {
  for (const { reject } of struck.values()) reject(error)
})
for (const { promise } of struck.values()) promise.catch(() => {})

for (const { name, brokers = ['kite'] } of scenarios) {
  test(`whatever befalls it: ${name}`, async () => {
    const results = await Promise.all(brokers.map((broker) => struck.get(`${name} ${broker}`)!.promise))
    const violations = results.flatMap((result) => result.violations)
    assert.ok(
      results.every(({ effects }) => effects > 0),
      'nothing to strike',
    )
    if (violations.length > 0) assert.fail(`${violations.length} violations\n${violations.join('\n')}`)
  })
}

test('every effect of every scenario was struck', async (t) => {
  const results = await all
  const sum = (of: (result: Struck) => number) => results.reduce((total, result) => total + of(result), 0)
  const points = sum(({ crashes, errors }) => crashes + errors)
  assert.ok(points >= sum(({ effects }) => effects))
  t.diagnostic(
    [
      `${scenarios.length} scenarios`,
      `${sum(({ effects }) => effects)} effects`,
      `${sum(({ crashes }) => crashes)} crash points`,
      `${sum(({ errors }) => errors)} error points`,
      `${sum(({ violations }) => violations.length)} violations`,
    ].join(', '),
  )
})
