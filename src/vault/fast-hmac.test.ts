import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { fastHmac } from './fast-hmac.ts'

/** RFC 4231, section 4: key and data in hex, the HMAC-SHA-256. Left out: 3 and 4, whose data is no text, and 5, which is truncated. */
const vectors = [
  ['0b'.repeat(20), '4869205468657265', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    '4a656665',
    '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'aa'.repeat(131),
    Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First').toString('hex'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    'aa'.repeat(131),
    Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ).toString('hex'),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
] as const

test('the published vectors of HMAC-SHA-256 hold', () => {
  for (const [key, data, expected] of vectors) {
    const mac = fastHmac(Buffer.from(key, 'hex'))(Buffer.from(data, 'hex').toString('utf8'))
    assert.equal(Buffer.from(mac, 'base64url').toString('hex'), expected)
  }
})

test('any text of any length gives what node:crypto gives', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 9_000 }))
      .map(([unit, times]) => unit.repeat(times)),
  )
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.array(texts, { maxLength: 4 }),
      (key, some) => {
        const mac = fastHmac(key)
        for (const text of some) {
          assert.equal(mac(text), createHmac('sha256', key).update(text, 'utf8').digest('base64url'))
        }
      },
    ),
  )
})
