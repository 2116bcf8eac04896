import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignProblem, isPassing, isProblem, ProblemError, toProblem, unreachable } from './problem.ts'

test('bhor’s own problem stays as it is, anything else is told without its message', () => {
  assert.equal(toProblem(new ProblemError(unreachable)), unreachable)
  const fault = toProblem(new TypeError('secret inside'))
  assert.equal(fault.code, 'internal')
  assert.doesNotMatch(JSON.stringify(fault), /secret/)
})

test('only what bhor says passes by itself is waited for', () => {
  assert.equal(isPassing(new ProblemError(unreachable, { isPassing: true })), true)
  for (const other of [new ProblemError(unreachable), new TypeError('x'), null])
    assert.equal(isPassing(other), false)
})

test('only a whole problem is one', () => {
  assert.equal(isProblem(foreignProblem(502)), true)
  for (const other of [null, 'x', 7, {}, { code: 'x', detail: 'y' }, { code: 1, detail: 'y', hint: 'z' }])
    assert.equal(isProblem(other), false)
})
