import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBhorError } from '../core/errors.ts'
import { grantedTokens, longestToken, objectOf, profileOf, required, tokensOf } from './reading.ts'

const specs = {
  access: { canOrder: true, pattern: /^[a-z]+$/ },
  feed: { canOrder: false, pattern: /^[a-z]+$/ },
}

test('kinds that the broker left empty are left out, kinds that nobody named too', () => {
  const sent = { access: 'abc', feed: '', other: 'abc' }
  assert.deepEqual(tokensOf('Demo', specs, sent), { access: 'abc' })
  assert.deepEqual(tokensOf('Demo', specs, { access: 'abc', feed: null }), { access: 'abc' })
})

test('a token is at most 8 KiB, whatever its pattern says', () => {
  assert.equal(tokensOf('Demo', specs, { access: 'a'.repeat(longestToken) }).access?.length, longestToken)
  assert.throws(() => tokensOf('Demo', specs, { access: 'a'.repeat(longestToken + 1) }), {
    code: 'bad_token_shape',
  })
})

test('no access token, or one of another type, is no session', () => {
  for (const access of [undefined, null, '', 5, true, {}, ['abc'], 'ABC']) {
    assert.throws(() => tokensOf('Demo', specs, { access }), { code: 'bad_token_shape' })
  }
  assert.throws(
    () => tokensOf('Demo', specs, { access: 'abc', feed: 'F E E D' }),
    (error) => {
      return isBhorError(error, 'bad_token_shape') && !error.message.includes('F E E D')
    },
  )
})

test('beside a good access token what is odd is left out and named', () => {
  for (const feed of ['F E E D', 5, true, {}, ['abc'], 'a'.repeat(longestToken + 1)])
    assert.deepEqual(grantedTokens('Demo', specs, { access: 'abc', feed }), {
      tokens: { access: 'abc' },
      leftOut: ['feed'],
    })
  assert.deepEqual(grantedTokens('Demo', specs, { access: 'abc', feed: '' }), { tokens: { access: 'abc' } })
  for (const access of [undefined, '', 5, 'ABC'])
    assert.throws(() => grantedTokens('Demo', specs, { access, feed: 'abc' }), { code: 'bad_token_shape' })
})

test('only an object is an object', () => {
  for (const json of [undefined, null, [], 'text', 5, true]) assert.equal(objectOf(json), undefined)
  assert.deepEqual(objectOf({ a: 1 }), { a: 1 })
})

test('a request that lacks one of its own values is a bug, not a request', () => {
  assert.throws(() => required({ a: '' }, 'a'), { code: 'internal' })
  assert.equal(required({ a: 'b' }, 'a'), 'b')
})

test('a profile names a person in visible ASCII of at most 40 characters', () => {
  assert.deepEqual(profileOf('Demo', { user_id: 'a'.repeat(40) }), { userId: 'a'.repeat(40) })
  for (const id of ['a'.repeat(41), 'ä', 'a b', '']) {
    assert.throws(() => profileOf('Demo', { user_id: id }), { code: 'bad_token_shape' })
  }
})
