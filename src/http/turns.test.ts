import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from './turns.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('a caller begins as much as a turn has room for, in order, and the others do not wait for the rest', async () => {
  const turns = new Turns((caller) => (caller === 'many' ? 3 : 2))
  const begun: string[] = []
  for (let at = 0; at < 10; at++) turns.take('many', () => void begun.push(`many ${at}`))
  turns.take('one', () => void begun.push('one 0'))
  assert.deepEqual(begun, ['many 0', 'many 1', 'many 2', 'one 0'])
  turns.take('one', () => void begun.push('one 1'))
  turns.take('one', () => void begun.push('one 2'))
  assert.equal(begun.length, 5)
  await turn()
  assert.deepEqual(begun.slice(5), ['many 3', 'many 4', 'many 5', 'one 2'])
  turns.take('many', () => void begun.push('last'))
  for (let left = 0; left < 5; left++) await turn()
  assert.equal(begun.at(-1), 'last', 'nobody overtakes himself')
  assert.equal(begun.length, 14)
})

test('what comes later comes in the next turn, and what is begun there comes in the one after', async () => {
  const turns = new Turns(() => 2)
  let count = 0
  const again = () => {
    count++
    if (count < 6) turns.later('x', again)
  }
  turns.later('x', again)
  assert.equal(count, 0)
  for (const expected of [1, 2, 3, 4, 5, 6, 6]) {
    await turn()
    assert.equal(count, expected)
  }
})
