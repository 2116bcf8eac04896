import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf, wishOf, withFilter } from './wish.ts'

test('filters are a path and back, in one order', () => {
  const wish = { day: '2026-11-24', account: 'demo', program: 'my bot/2' }
  assert.deepEqual(pathOf(wish), ['account', 'demo', 'program', 'my bot/2', 'day', '2026-11-24'])
  assert.deepEqual(wishOf(pathOf(wish)), wish)
  assert.deepEqual(wishOf([]), {})
})

test('what is no filter is left out', () => {
  assert.deepEqual(wishOf(['nonsense', 'x', 'kind', 'login', 'day']), { kind: 'login' })
  assert.deepEqual(wishOf(['account', '', '__proto__', 'x']), {})
})

test('one filter more, another one, one less', () => {
  const wish = withFilter({ kind: 'login' }, 'account', 'demo')
  assert.deepEqual(wish, { kind: 'login', account: 'demo' })
  assert.deepEqual(withFilter(wish, 'account', 'papa'), { kind: 'login', account: 'papa' })
  assert.deepEqual(withFilter(wish, 'kind', ''), { account: 'demo' })
})
