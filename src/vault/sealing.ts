import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { MacFields, Place, Vault } from '../contracts/secrets.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { broken, joined, keyIdOf, openEnvelope, sealEnvelope } from './envelope.ts'
import type { Keyring } from './keyring.ts'

function boundOf(place: Place, keyId: string): Buffer {
  return joined('bhor-field', place.table, place.row, place.field, String(place.generation), keyId)
}

/** Same text for the same fields in any order; JSON keeps `1`, `"1"` and `null` apart. */
function macText({ table, row, fields }: MacFields): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [, value] of sorted) {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new RangeError('A number to authenticate is not finite.')
  }
  return JSON.stringify(['bhor-row', table, row, sorted])
}

function hmac(key: KeyObject, text: string, encoding: 'hex' | 'base64url'): string {
  return createHmac('sha256', key).update(text, 'utf8').digest(encoding)
}

/** Compares without telling by its time where the difference is. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The vault over an opened keyring. */
export function vaultOver(ring: Keyring, random: Random): Vault {
  const data = ring.data.current
  return {
    keyId: data.id,
    seal(plain, place) {
      const bound = boundOf(place, data.id)
      return sealEnvelope(Buffer.from(plain, 'utf8'), { key: data.key, keyId: data.id, bound, random })
    },
    open(sealed, place) {
      const keyId = keyIdOf(sealed)
      const key = ring.data.byId.get(keyId)
      if (!key) throw broken()
      return new Secret(openEnvelope(sealed, { key, bound: boundOf(place, keyId) }).toString('utf8'))
    },
    mac: (row) => hmac(ring.mac.current.key, macText(row), 'base64url'),
    isMacValid: (row, mac) => isSame(hmac(ring.mac.current.key, macText(row), 'base64url'), mac),
    fingerprint: (purpose, value) => hmac(ring.lookup.current.key, JSON.stringify([purpose, value]), 'hex'),
    auditMac: (text) => hmac(ring.audit.current.key, text, 'base64url'),
    signState: (payload) => hmac(ring.state.current.key, payload, 'base64url'),
    isStateSigned: (payload, signature) =>
      isSame(hmac(ring.state.current.key, payload, 'base64url'), signature),
  }
}
