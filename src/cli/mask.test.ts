import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Mask } from './mask.ts'

const secrets = ['tokentokentoken', 'bhor_keykeykey', 'longertokentokentoken']

function masked(pieces: readonly string[]): string {
  const mask = new Mask(secrets)
  return pieces.map((piece) => mask.pass(piece)).join('') + mask.end()
}

test('a secret is taken out wherever it is cut, and nothing else is', () => {
  const text = 'before tokentokentoken, bhor_keykeykey\nbhor_keykey longertokentokentoken token'
  const clean = 'before ***, ***\nbhor_keykey *** token'
  for (let first = 0; first <= text.length; first++)
    for (let second = first; second <= text.length; second += 7)
      assert.equal(
        masked([text.slice(0, first), text.slice(first, second), text.slice(second)]),
        clean,
        `${first} ${second}`,
      )
})

test('what cannot be the beginning of a secret is not held back', () => {
  const mask = new Mask(secrets)
  assert.equal(mask.pass('Password: '), 'Password: ')
  assert.equal(mask.pass('a toke'), 'a ')
  assert.equal(mask.pass('x'), 'tokex')
})

test('a secret of later is taken out from then on; what is too short to be one never', () => {
  const later = new Set<string>(['abc', ''])
  const mask = new Mask(later)
  assert.equal(mask.pass('abc nextnext'), 'abc nextnext')
  later.add('nextnext')
  assert.equal(mask.pass('abc nextnext'), 'abc ***')
})

test('whatever comes in whatever pieces: no secret is left, and all else is as it was', () => {
  const word = fc.constantFrom('token', 'tokentokentoken', 'bhor_', 'bhor_keykeykey', 'longer', 'é\n', 'x')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.array(fc.nat(9), { minLength: 1 }), (words, cuts) => {
      const text = words.join('')
      const pieces: string[] = []
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const length = 1 + cuts[turn % cuts.length]!
        pieces.push(text.slice(at, at + length))
        at += length
      }
      const out = masked(pieces)
      for (const secret of secrets) assert.ok(!out.includes(secret), text)
      if (!secrets.some((secret) => text.includes(secret))) assert.equal(out, text)
    }),
  )
})
