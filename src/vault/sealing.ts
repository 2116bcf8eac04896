import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { MacFields, Place, Vault } from '../contracts/secrets.ts'
import type { KeyringRecord } from '../contracts/store.ts'
import type { Random } from '../core/random.ts'
import { sealingKeyIn } from '../core/sealed-text.ts'
import { Secret } from '../core/secret.ts'
import { broken, joined, keyIdOf, openEnvelope, sealEnvelope } from './envelope.ts'
import {
  copiesOf,
  type KeyCopy,
  newKey,
  openKeyring,
  type PurposeKeys,
  refuseOtherMaster,
  wrappedCopies,
} from './keyring.ts'
import type { MasterKey } from './master-key.ts'

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

function hmacBy({ byId }: PurposeKeys, keyId: string, text: string): string | undefined {
  const key = byId.get(keyId)
  return key && hmac(key, text, 'hex')
}

/** Compares without telling by its time where the difference is. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The vault as whoever has the master key holds it. */
export interface OpenVault extends Vault {
  /** The keys themselves, for a backup. */
  copies(records: readonly KeyringRecord[]): KeyCopy[]
  /** The ring sealed by another master key, for the commit that makes it so. */
  sealedBy(master: MasterKey, records: readonly KeyringRecord[]): KeyringRecord[]
  /** From now on this is the master key: the store says so. */
  changeMaster(master: MasterKey): void
  readonly master: MasterKey
}

/** The vault over a keyring. @throws BhorError `store_damaged` */
export function vaultOver(
  records: readonly KeyringRecord[],
  masterKey: MasterKey,
  random: Random,
): OpenVault {
  let master = masterKey
  let ring = openKeyring(records, master)
  let retired = retiredIn(records)
  /** Of every purpose, also those that were removed from the ring since. */
  const known = new Map<string, KeyObject>()
  const remember = () => {
    for (const { byId } of Object.values(ring)) for (const [id, key] of byId) known.set(id, key)
  }
  remember()
  const seal = (plain: Uint8Array, place: Place) => {
    const { id: keyId, key } = ring.data.current
    return sealEnvelope(plain, { key, keyId, bound: boundOf(place, keyId), random })
  }
  const opened = (sealed: string, place: Place): Buffer => {
    const keyId = keyIdOf(sealed)
    const key = ring.data.byId.get(keyId) ?? known.get(keyId)
    if (!key) throw broken()
    return openEnvelope(sealed, { key, bound: boundOf(place, keyId) })
  }
  return {
    get keyId() {
      return ring.data.current.id
    },
    get retiredKeyIds() {
      return retired
    },
    get masterKeyId() {
      return master.id
    },
    get masterKeySource() {
      return master.source
    },
    get master() {
      return master
    },
    seal: (plain, place) => seal(Buffer.from(plain, 'utf8'), place),
    open: (sealed, place) => new Secret(opened(sealed, place).toString('utf8')),
    resealed(sealed, place) {
      if (sealed === '' || keyIdOf(sealed) === ring.data.current.id) return sealed
      const plain = opened(sealed, place)
      const again = seal(plain, place)
      plain.fill(0)
      return again
    },
    knowsKeyOf(sealed) {
      const keyId = sealingKeyIn(sealed)
      return keyId === undefined || known.has(keyId)
    },
    newDataKey: (nowMs) => newKey('data', master, random, nowMs),
    learn(stored) {
      refuseOtherMaster(stored, master, known)
      ring = openKeyring(stored, master, known)
      retired = retiredIn(stored)
      remember()
    },
    copies: (stored) => copiesOf(stored, master, known),
    sealedBy: (next, stored) => wrappedCopies(copiesOf(stored, master, known), next, random),
    changeMaster(next) {
      master = next
    },
    mac: (row) => hmac(ring.mac.current.key, macText(row), 'base64url'),
    isMacValid: (row, mac) => isSame(hmac(ring.mac.current.key, macText(row), 'base64url'), mac),
    fingerprint: (purpose, value) => hmac(ring.lookup.current.key, JSON.stringify([purpose, value]), 'hex'),
    auditMac: (text) => hmac(ring.audit.current.key, text, 'base64url'),
    get inventoryKeyId() {
      return ring.inventory.current.id
    },
    inventoryMac: (text, keyId) => hmacBy(ring.inventory, keyId, text),
    get counterKeyId() {
      return ring.audit.current.id
    },
    counterMac: (text, keyId) => hmacBy(ring.audit, keyId, text),
    signState: (payload) => hmac(ring.state.current.key, payload, 'base64url'),
    isStateSigned: (payload, signature) =>
      isSame(hmac(ring.state.current.key, payload, 'base64url'), signature),
  }
}

function retiredIn(records: readonly KeyringRecord[]): readonly string[] {
  return records.filter((one) => one.purpose === 'data' && one.retiredAtMs !== null).map(({ id }) => id)
}
