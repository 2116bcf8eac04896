import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstFault } from './json-fault.ts'

test('the place is where a reader would point', () => {
  const cases: [string, number][] = [
    ['', 0],
    ['{"a": SECRET}', 6],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['{a:1}', 1],
    ['"open', 0],
    ['[1', 2],
    ['{} x', 3],
    ['[01]', 2],
    ['{"a":"\t"}', 5],
    ['nul', 0],
  ]
  for (const [text, at] of cases) assert.equal(firstFault(text), at, text)
})

test('JSON has no fault before its end, and a cut or foreign character is found where it is', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, n) => {
      assert.equal(firstFault(text), text.length)
      const at = n % (text.length + 1)
      const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`
      assert.ok(firstFault(broken) <= at)
    }),
    { numRuns: 3000 },
  )
})
