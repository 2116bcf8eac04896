import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BhorError as CoreError, type ErrorCode, errorTable } from '../core/errors.ts'
import { BhorError, isBhorError, passingCodes } from './errors.ts'

test('the codes that pass by themselves are those of the table', () => {
  const table = Object.entries(errorTable).flatMap(([code, { retryable }]) => (retryable ? [code] : []))
  assert.deepEqual([...passingCodes].sort(), table.sort())
})

test('an error of either class is one of bhor’s, and says the same of itself', () => {
  const make = [
    new BhorError('session_expired', 'Over.', { hint: 'Log in.' }),
    new CoreError('session_expired', 'Over.', { hint: 'Log in.' }),
  ]
  for (const error of make) {
    assert.ok(isBhorError(error) && isBhorError(error, 'session_expired'))
    assert.ok(!isBhorError(error, 'session_none'))
    const { name, message, code, hint, facts, retryable, retryAfterMs } = error
    assert.deepEqual(
      { name, message, code, hint, facts, retryable, retryAfterMs },
      {
        name: 'BhorError',
        message: 'Over.',
        code: 'session_expired' satisfies ErrorCode,
        hint: 'Log in.',
        facts: {},
        retryable: false,
        retryAfterMs: undefined,
      },
    )
  }
  assert.ok(!isBhorError(new Error('session_expired')))
})
