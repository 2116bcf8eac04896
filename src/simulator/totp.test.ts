import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBhorError } from '../core/errors.ts'
import { decodeBase32, totpCode, totpMatches } from './totp.ts'

const rfcSeed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' // "12345678901234567890"

const vectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const

for (const [seconds, code] of vectors) {
  test(`RFC 6238 appendix B: at ${seconds} s the code is ${code}`, () => {
    const at = Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    assert.equal(totpCode(rfcSeed, at, 8), code)
    assert.equal(totpCode(rfcSeed, at), code.slice(2))
  })
}

test('base32 decodes the vectors of RFC 4648 and refuses anything else', () => {
  for (const [text, plain] of [
    ['MY======', 'f'],
    ['MZXQ====', 'fo'],
    ['mzxw 6ytb oi', 'foobar'],
  ] as const) {
    assert.equal(Buffer.from(decodeBase32(text)).toString(), plain)
  }
  assert.throws(
    () => decodeBase32('0189'),
    (error) => isBhorError(error, 'bad_secret'),
  )
})

test('a code holds one step before and after its own, and no longer', () => {
  const at = Temporal.Instant.from('2026-11-23T03:00:00Z')
  const code = totpCode(rfcSeed, at)
  for (const [seconds, holds] of [
    [-31, false],
    [-30, true],
    [0, true],
    [59, true],
    [60, false],
  ] as const) {
    assert.equal(totpMatches(rfcSeed, code, at.add({ seconds })), holds, `${seconds} s`)
  }
})
