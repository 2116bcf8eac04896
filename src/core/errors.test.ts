import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BhorError, type ErrorCode, errorTable, isBhorError, toBhorError, wordsOf } from './errors.ts'

test('every error of the table has a status, an exit code of the product and a hint', () => {
  const exits = new Set([1, 2, 3, 4, 5, 6, 7, 124, 126, 127])
  for (const [code, row] of Object.entries(errorTable)) {
    assert.ok(row.http >= 400 && row.http < 600, code)
    assert.ok(exits.has(row.exit), code)
    assert.match(row.hint, /[.…]$|bhor /, code)
    assert.match(row.sentence, /^[A-Zb].{3,90}\.$/, code)
    for (const words of Object.values(wordsOf(code as ErrorCode))) {
      // A placeholder is no next step; a broker's name in a table for all of them is a mistake.
      assert.doesNotMatch(words, /<\w+>|\bkite\b|\bupstox\b/i, code)
      assert.match(words, /[.…]$|bhor /, code)
    }
    const error = new BhorError(code as ErrorCode, 'It happened.')
    assert.deepEqual([error.httpStatus, error.exitCode, error.retryable], [row.http, row.exit, row.retryable])
    assert.equal(error.hint, row.hint)
  }
})

test('what is thrown by others becomes internal with a fixed text', () => {
  for (const thrown of [new Error('SUPERSECRET'), 'SUPERSECRET', undefined, null, 7, { code: 'usage' }]) {
    const error = toBhorError(thrown)
    assert.equal(error.code, 'internal')
    assert.ok(!error.message.includes('SUPERSECRET'))
  }
  const ours = new BhorError('usage', 'So.')
  assert.equal(toBhorError(ours), ours)
  assert.ok(isBhorError(ours, 'usage') && isBhorError(ours) && !isBhorError(ours, 'internal'))
})

test('who says no more than a code gets the words of the table', () => {
  const error = new BhorError('sealed')
  assert.deepEqual([error.message, error.hint], ['bhor is sealed.', 'Open it at the terminal: bhor unseal.'])
  assert.equal(new BhorError('sealed', undefined, { hint: 'Ask papa.' }).hint, 'Ask papa.')
  assert.equal(wordsOf('usage').page, 'The login did not succeed. No session was stored.')
  assert.equal(wordsOf('usage').alert, wordsOf('usage').sentence)
})
