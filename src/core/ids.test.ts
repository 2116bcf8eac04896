import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, newToken } from './ids.ts'
import { systemRandom } from './random.ts'

test('ids and tokens have their shape and do not repeat', () => {
  const ids = Array.from({ length: 1000 }, () => newId('acc', systemRandom))
  for (const id of ids) assert.match(id, /^acc_[0-9a-hjkmnp-tv-z]{16}$/)
  assert.equal(new Set(ids).size, ids.length)
  const tokens = Array.from({ length: 1000 }, () => newToken(systemRandom))
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(new Set(tokens).size, tokens.length)
})
