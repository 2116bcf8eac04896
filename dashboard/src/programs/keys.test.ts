import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KeyView } from '../../../src/contracts/api.ts'
import { firstUses, madeBy, sortedKeys } from './keys.ts'

const key = (
  id: string,
  maker: string | null,
  revokedAt: string | null = null,
  more: Partial<KeyView> = {},
): KeyView => ({
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
  ...more,
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

test('keys of programs by name, runs and what is over the latest first', () => {
  const at = Date.parse('2026-11-24T03:00:00Z')
  const run = { isRun: true, expiresAt: '2026-11-25T03:00:00Z' }
  const all = [
    key('bot 10', null),
    key('bot 2', null),
    key('old run', null, null, { ...run, createdAt: '2026-11-23T03:00:00Z' }),
    key('run', null, null, { ...run, createdAt: '2026-11-24T02:00:00Z' }),
    key('expired', null, null, { expiresAt: '2026-11-24T03:00:00Z' }),
    key('revoked', null, '2026-11-24T01:00:00Z', { expiresAt: '2026-12-24T03:00:00Z' }),
    key('over run', null, null, { isRun: true, expiresAt: '2026-11-23T04:00:00Z' }),
  ]
  const { programs, runs, over } = sortedKeys(all, at)
  assert.deepEqual(
    [programs, runs, over].map((each) => each.map(({ name }) => name)),
    [
      ['bot 2', 'bot 10'],
      ['run', 'old run'],
      ['expired', 'revoked', 'over run'],
    ],
  )
})

test('a first session is one of a key that was seen without any', () => {
  const used = { lastUsedAt: '2026-11-24T03:00:00Z' }
  const before = [key('a', null), key('b', null, null, used)]
  const after = [
    key('a', null, null, used),
    key('b', null, null, { lastUsedAt: '2026-11-24T03:01:00Z' }),
    key('new', null, null, used),
  ]
  assert.deepEqual(
    firstUses(before, after).map(({ id }) => id),
    ['a'],
  )
  assert.deepEqual(firstUses([], after), [])
})
