import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../src/contracts/api.ts'
import { placeProblem } from './problem-place.ts'

const fields = ['account', 'broker', 'app.apiKey', 'app.apiSecret', 'fields.pin', 'postbackUrl']
const problem = (code: Problem['code'], facts?: Problem['facts']): Problem => ({
  type: 'about:blank',
  title: code,
  status: 422,
  code,
  detail: 'No.',
  hint: 'Do this.',
  requestId: 'r',
  ...(facts && { facts }),
})

test('a named field gets its error', () => {
  assert.equal(placeProblem(problem('bad_field', { field: 'postbackUrl' }), fields), 'postbackUrl')
})

test('a field of the broker is found at its input, whichever name the answer gives', () => {
  assert.equal(placeProblem(problem('bad_secret', { field: 'pin' }), fields), 'fields.pin')
  assert.equal(placeProblem(problem('bad_field', { field: 'app.apiKey' }), fields), 'app.apiKey')
})

test('a named field beats the code’s home', () => {
  assert.equal(placeProblem(problem('bad_secret', { field: 'apiKey' }), fields), 'app.apiKey')
})

test('codes find their home without being told', () => {
  assert.equal(placeProblem(problem('bad_alias'), fields), 'account')
  assert.equal(placeProblem(problem('already_exists'), fields), 'account')
  assert.equal(placeProblem(problem('already_exists'), ['name', 'scopes']), 'name')
  assert.equal(placeProblem(problem('bad_secret'), fields), 'app.apiSecret')
})

test('everything else stands at the top: unknown fields, fields of another form, no field', () => {
  assert.equal(placeProblem(problem('bad_field', { field: 'colour' }), fields), null)
  assert.equal(placeProblem(problem('bad_field', { field: 7 }), fields), null)
  assert.equal(placeProblem(problem('bad_secret'), ['name']), null)
  assert.equal(placeProblem(problem('internal'), fields), null)
  assert.equal(placeProblem(null, fields), null)
})
