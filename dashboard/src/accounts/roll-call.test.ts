import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RollCallEntry } from '../../../src/contracts/api.ts'
import { missingByReason } from './roll-call.ts'

test('who is missing is told by why; a session that lives and ends too early is no login of now', () => {
  const entry = (account: string, state: RollCallEntry['state']): RollCallEntry => ({
    account,
    label: '',
    broker: 'kite',
    kind: 'live',
    generation: 1,
    state,
    text: '',
    next: null,
  })
  const accounts = [
    entry('demo', 'login'),
    entry('papa', 'login'),
    entry('personal', 'ready'),
    entry('demo2', 'blocked'),
    entry('demo3', 'login'),
  ]
  const standing = [
    { account: 'demo', status: 'expired' as const },
    { account: 'papa', status: 'active' as const },
  ]
  assert.deepEqual(missingByReason({ accounts, unknown: ['papaa'] }, standing), [
    { reason: 'login', names: ['demo', 'demo3'] },
    { reason: 'endsEarly', names: ['papa'] },
    { reason: 'blocked', names: ['demo2'] },
    { reason: 'unknown', names: ['papaa'] },
  ])
})
