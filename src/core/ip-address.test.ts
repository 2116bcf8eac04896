import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { ipAddress, isIpv6 } from './ip-address.ts'

test('one address has one spelling', () => {
  for (const [given, canonical] of [
    ['192.0.2.7', '192.0.2.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::0001', '2001:db8::1'],
    ['::1', '::1'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
  ] as const)
    assert.equal(ipAddress(given), canonical)
  assert.deepEqual(['192.0.2.7', '::1'].map(isIpv6), [false, true])
})

test('what is no address is none', () => {
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    ' ::1',
    '[::1]',
    ':::',
    'fe80::1%eth0',
    'localhost',
    '::1]/@x',
    '1.2.3.0x4',
    '12345::',
  ])
    assert.equal(ipAddress(text), undefined, text)
})

test('every address of Node’s is one, in a spelling that stays', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const canonical = ipAddress(text)
      assert.ok(canonical, text)
      assert.ok(isIP(canonical))
      assert.equal(ipAddress(canonical), canonical)
    }),
    { numRuns: 500 },
  )
})
