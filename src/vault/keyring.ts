import { createSecretKey, type KeyObject } from 'node:crypto'
import type { KeyringRecord } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { joined, keyIdOf, openEnvelope, sealEnvelope } from './envelope.ts'
import type { MasterKey } from './master-key.ts'

type Purpose = KeyringRecord['purpose']
const keyBytes = 32
const purposes: readonly Purpose[] = ['data', 'mac', 'audit', 'lookup', 'state']

/** An opened key of the ring. */
export interface RingKey {
  readonly id: string
  readonly key: KeyObject
}

/** The keys of one purpose: the one in use, and those that still open what they sealed. */
export interface PurposeKeys {
  readonly current: RingKey
  readonly byId: ReadonlyMap<string, KeyObject>
}
export type Keyring = Readonly<Record<Purpose, PurposeKeys>>

function boundOf(id: string, purpose: Purpose, master: MasterKey): Buffer {
  return joined('bhor-keyring', id, purpose, master.id)
}

/** One new key for every purpose, sealed by the master key. */
export function newKeyring(master: MasterKey, random: Random, clock: Clock): KeyringRecord[] {
  return purposes.map((purpose) => {
    const id = newId('dk', random)
    const wrapped = sealEnvelope(random.bytes(keyBytes), {
      key: master.wrapping,
      keyId: master.id,
      bound: boundOf(id, purpose, master),
      random,
    })
    return { id, purpose, wrapped, createdAtMs: clock.nowMs(), retiredAtMs: null }
  })
}

/**
 * Opens every key of the ring.
 *
 * @throws BhorError `store_damaged` when a key does not open or a purpose has none in use
 */
export function openKeyring(records: readonly KeyringRecord[], master: MasterKey): Keyring {
  const opened = records.map((record) => ({ record, key: openKey(record, master) }))
  const ring: Partial<Record<Purpose, PurposeKeys>> = {}
  for (const purpose of purposes) {
    const keys = opened.filter(({ record }) => record.purpose === purpose)
    const current = keys
      .filter(({ record }) => record.retiredAtMs === null)
      .reduce<(typeof keys)[number] | undefined>(
        (newest, one) => (newest && newest.record.createdAtMs >= one.record.createdAtMs ? newest : one),
        undefined,
      )
    if (!current) throw damaged(`no key for ${purpose} is in use`)
    ring[purpose] = {
      current: { id: current.record.id, key: current.key },
      byId: new Map(keys.map(({ record, key }) => [record.id, key])),
    }
  }
  return ring as Keyring
}

function openKey(record: KeyringRecord, master: MasterKey): KeyObject {
  try {
    if (keyIdOf(record.wrapped) !== master.id)
      throw damaged(`key ${record.id} is sealed by another master key`)
    const bound = boundOf(record.id, record.purpose, master)
    return createSecretKey(openEnvelope(record.wrapped, { key: master.wrapping, bound }))
  } catch (error) {
    if (isBhorError(error, 'seal_broken')) throw damaged(`key ${record.id} was changed`)
    throw error
  }
}

export function damaged(why: string): BhorError {
  return new BhorError('store_damaged', `Store is damaged at table keyring: ${why}.`, {
    hint: 'Restore a backup.',
  })
}
