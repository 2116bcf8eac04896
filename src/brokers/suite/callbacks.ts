import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Broker } from '../../contracts/broker.ts'
import { frozen, redirectOf } from './calls.ts'
import type { BrokerFixtures, Check } from './suite.ts'

/** How an adapter reads where the browser ended. */
export function callbackChecks(broker: Broker, { redirect }: BrokerFixtures): readonly Check[] {
  if (!redirect) return []
  const read = (query: string) =>
    redirectOf(broker).readCallback(
      frozen({ params: Object.fromEntries(new URLSearchParams(query)), rawQuery: query }),
    )
  return [
    ...redirect.callbacks.map(({ name, query, reading }) => ({
      name: `reads the callback: ${name}`,
      run() {
        const actual = read(query)
        if (reading.kind !== 'wrong_page') return assert.deepEqual(actual, reading)
        assert.ok(actual.kind === 'wrong_page')
        assert.match(actual.hint, reading.hint)
      },
    })),
    {
      name: 'reads any callback, and marks every code as a secret',
      run() {
        const names = redirect.callbacks.flatMap(({ query }) => [...new URLSearchParams(query).keys()])
        const query = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.string(), {
          maxKeys: 6,
        })
        fc.assert(
          fc.property(query, (params) => {
            const reading = redirectOf(broker).readCallback(frozen({ params, rawQuery: '' }))
            assert.equal(reading.kind === 'wrong_page' ? undefined : reading.state, stateOf(reading, params))
            if (reading.kind !== 'granted') return
            assert.ok(reading.secretVars.length > 0)
            for (const name of reading.secretVars)
              assert.match(reading.vars[name] ?? '', /^[\x21-\x7e]{1,512}$/)
          }),
          { numRuns: 1000 },
        )
      },
    },
  ]
}

/** The state is passed on as it came, or not at all. */
function stateOf(
  reading: { readonly kind: string; readonly state?: string },
  params: Readonly<Record<string, string>>,
) {
  return reading.state !== undefined && Object.values(params).includes(reading.state)
    ? reading.state
    : undefined
}
