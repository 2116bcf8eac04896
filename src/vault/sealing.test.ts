import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MacFields, Place } from '../contracts/secrets.ts'
import { ManualClock } from '../core/clock.ts'
import { seededRandom } from '../core/random.ts'
import { newKeyring } from './keyring.ts'
import { masterKeyOf } from './master-key.ts'
import { vaultOver } from './sealing.ts'

function vaultOf(seed: string) {
  const random = seededRandom(seed)
  const master = masterKeyOf(random.bytes(32), 'test')
  return vaultOver(newKeyring(master, random, new ManualClock()), master, random)
}
const vault = vaultOf('one')
const place: Place = { table: 'sessions', row: 'ses_1', field: 'tokens', generation: 7 }
const isBroken = (work: () => unknown) => assert.throws(work, { code: 'seal_broken' })

test('any text opens where it was sealed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (plain) => {
      assert.equal(vault.open(vault.seal(plain, place), place).reveal(), plain)
    }),
  )
})

test('the same text never looks the same twice', () => {
  const seen = new Set(Array.from({ length: 500 }, () => vault.seal('same', place)))
  assert.equal(seen.size, 500)
})

test('every flipped bit of the text is refused', () => {
  const sealed = Buffer.from(vault.seal('enctoken-of-the-day', place), 'latin1')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    isBroken(() => vault.open(changed.toString('latin1'), place))
  }
})

test('every flipped bit of nonce, ciphertext and tag is refused', () => {
  const [version, keyId, body] = vault.seal('enctoken-of-the-day', place).split('.') as [
    string,
    string,
    string,
  ]
  const bytes = Buffer.from(body, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    isBroken(() => vault.open(`${version}.${keyId}.${changed.toString('base64url')}`, place))
  }
})

test('every truncation, and every text that is no envelope, is refused', () => {
  const sealed = vault.seal('x', place)
  for (let length = 0; length < sealed.length; length++)
    isBroken(() => vault.open(sealed.slice(0, length), place))
  for (const text of [
    '',
    '.',
    '..',
    'v1..',
    `${sealed}=`,
    `${sealed}A`,
    ` ${sealed}`,
    `${sealed}\n`,
    `${sealed}.x`,
    sealed.replace('v1', 'v2'),
  ]) {
    isBroken(() => vault.open(text, place))
  }
})

test('a value opens in none of the other places', () => {
  const places: Place[] = []
  for (const table of ['apps', 'accounts', 'sessions', 'logins'] as const) {
    for (const row of ['a', 'ab', 'b']) {
      for (const field of ['b', 'bc', 'c'])
        for (const generation of [0, 1, 11]) places.push({ table, row, field, generation })
    }
  }
  const sealed = places.map((one) => vault.seal('secret', one))
  let refused = 0
  for (const [at, text] of sealed.entries()) {
    for (const [other, there] of places.entries()) {
      if (at === other) assert.equal(vault.open(text, there).reveal(), 'secret')
      else {
        isBroken(() => vault.open(text, there))
        refused++
      }
    }
  }
  assert.equal(refused, places.length * (places.length - 1))
})

test('a value sealed by another ring, or under another key id, is refused', () => {
  const other = vaultOf('two')
  const sealed = other.seal('secret', place)
  isBroken(() => vault.open(sealed, place))
  isBroken(() => vault.open(sealed.replace(other.keyId, vault.keyId), place))
})

test('a row’s MAC holds for the same fields in any order and for nothing else', () => {
  const row: MacFields = {
    table: 'sessions',
    row: 'ses_1',
    fields: { status: 'active', generation: 1, end: null },
  }
  const mac = vault.mac(row)
  assert.match(mac, /^[\w-]{43}$/)
  assert.ok(vault.isMacValid({ ...row, fields: { end: null, generation: 1, status: 'active' } }, mac))
  const others: MacFields[] = [
    { ...row, table: 'logins' },
    { ...row, row: 'ses_2' },
    { ...row, fields: { ...row.fields, status: 'ended' } },
    { ...row, fields: { ...row.fields, generation: '1' } },
    { ...row, fields: { ...row.fields, end: 'null' } },
    { ...row, fields: { ...row.fields, more: null } },
    { ...row, fields: { status: 'active', generation: 1 } },
  ]
  for (const other of others) assert.equal(vault.isMacValid(other, mac), false)
  for (const wrong of ['', mac.slice(1), `${mac}A`, `B${mac.slice(1)}`])
    assert.equal(vault.isMacValid(row, wrong), false)
  assert.equal(vaultOf('two').isMacValid(row, mac), false)
  assert.throws(() => vault.mac({ ...row, fields: { generation: Number.NaN } }), RangeError)
})

test('fingerprints, states and the audit’s MACs are apart from each other', () => {
  const texts = [
    vault.fingerprint('login-state', 'value'),
    vault.fingerprint('login-grant', 'value'),
    vault.auditMac('value'),
    vault.signState('value'),
    vaultOf('two').fingerprint('login-state', 'value'),
    vaultOf('two').auditMac('value'),
    vaultOf('two').signState('value'),
  ]
  assert.equal(new Set(texts).size, texts.length)
  assert.equal(vault.fingerprint('login-state', 'value'), texts[0])
  assert.match(texts[0] as string, /^[0-9a-f]{64}$/)
  assert.ok(vault.isStateSigned('value', vault.signState('value')))
  assert.equal(vault.isStateSigned('values', vault.signState('value')), false)
  assert.equal(vault.isStateSigned('value', ''), false)
})
