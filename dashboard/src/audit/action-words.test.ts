import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditActions } from '../../../src/contracts/audit.ts'
import { actionWords, detailText } from './action-words.ts'

test('every action has words, an unknown one stays as it is', () => {
  for (const action of auditActions) assert.notEqual(actionWords(action), action)
  assert.equal(actionWords('x.y'), 'x.y')
  assert.equal(actionWords('toString'), 'toString')
})

test('details read as a list', () => {
  assert.equal(
    detailText({ generation: 3, tokenKind: 'access', fresh: true }),
    'generation 3, tokenKind access, fresh true',
  )
  assert.equal(detailText({}), '')
})
