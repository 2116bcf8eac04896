import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KeyView } from '../../../src/contracts/api.ts'
import { madeBy } from './keys.ts'

const key = (id: string, maker: string | null, revokedAt: string | null = null): KeyView => ({
  id,
  name: id,
  scopes: ['status'],
  accounts: null,
  madeBy: maker,
  createdAt: '2026-11-23T03:00:00Z',
  expiresAt: null,
  revokedAt,
  lastUsedAt: null,
  uses: 0,
  perAccount: [],
  isRun: false,
})

test('what goes with a key: what it made, what that made, and nothing that is revoked already', () => {
  const all = [
    key('a', null),
    key('b', 'a'),
    key('c', 'b'),
    key('gone', 'a', '2026-11-23T03:00:00Z'),
    key('d', 'gone'),
    key('other', null),
    key('e', 'other'),
  ]
  const names = (id: string) => madeBy(id, all).map(({ name }) => name)
  assert.deepEqual(names('a'), ['b', 'c', 'd'])
  assert.deepEqual(names('c'), [])
  assert.deepEqual(names('e'), [])
})
