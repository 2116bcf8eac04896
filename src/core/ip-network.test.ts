import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipNetwork, isWithin } from './ip-network.ts'

test('a network holds its addresses and no other', () => {
  const cases: readonly (readonly [network: string, inside: string, outside: string])[] = [
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.0'],
    ['192.168.1.10', '192.168.1.10', '192.168.1.11'],
    ['172.16.0.0/12', '172.31.255.255', '172.32.0.0'],
    ['0.0.0.0/0', '255.255.255.255', '::1'],
    ['fd00::/8', 'fdff::1', 'fe00::1'],
    ['2001:db8::/32', '2001:db8:ffff::', '2001:db9::'],
    ['::1', '::1', '::2'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:9'],
  ]
  for (const [network, inside, outside] of cases) {
    const known = [ipNetwork(network)!]
    assert.deepEqual([isWithin(inside, known), isWithin(outside, known)], [true, false], network)
  }
})

test('what is no network is none', () => {
  for (const text of [
    '',
    'host',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    '10.0.0.1/8/8',
    '10.0.0.1/-1',
    '10.0.0.1/a',
    'any',
  ])
    assert.equal(ipNetwork(text), undefined, text)
})
