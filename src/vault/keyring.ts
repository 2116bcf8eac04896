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
const purposes: readonly Purpose[] = ['data', 'mac', 'audit', 'lookup', 'state', 'inventory']
/** Stores of version 0.1 have no key for these; they get one. */
const laterPurposes: readonly Purpose[] = ['inventory']

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
/** Every key that was opened here before, by its id. */
export type KnownKeys = ReadonlyMap<string, KeyObject>

export type Keyring = Readonly<Record<Purpose, PurposeKeys>>

function boundOf(id: string, purpose: Purpose, master: MasterKey): Buffer {
  return joined('bhor-keyring', id, purpose, master.id)
}

/** The purposes for which a ring of an earlier version has no key yet. */
export function missingPurposes(records: readonly KeyringRecord[]): readonly Purpose[] {
  return laterPurposes.filter((purpose) => !records.some((record) => record.purpose === purpose))
}

/** One new key for every purpose, sealed by the master key. */
export function newKeyring(
  master: MasterKey,
  random: Random,
  clock: Clock,
  wanted: readonly Purpose[] = purposes,
): KeyringRecord[] {
  return wanted.map((purpose) => newKey(purpose, master, random, clock.nowMs()))
}

export function newKey(purpose: Purpose, master: MasterKey, random: Random, nowMs: number): KeyringRecord {
  const id = newId('dk', random)
  return {
    id,
    purpose,
    wrapped: wrapped(random.bytes(keyBytes), { id, purpose }, master, random),
    createdAtMs: nowMs,
    retiredAtMs: null,
  }
}

/** A key of the ring as a backup carries it. Secret as a whole. */
export interface KeyCopy extends Omit<KeyringRecord, 'wrapped'> {
  /** base64 */
  readonly key: string
}

/** The keys themselves, for a backup that is sealed under a passphrase of its own. @throws BhorError `store_damaged` */
export function copiesOf(
  records: readonly KeyringRecord[],
  master: MasterKey,
  known: KnownKeys = new Map(),
): KeyCopy[] {
  return records.map((record) => {
    const { wrapped: _, ...about } = record
    const key = known.get(record.id) ?? openKey(record, master)
    return { ...about, key: key.export().toString('base64') }
  })
}

/** The ring of a backup, sealed by another master key. */
export function wrappedCopies(
  copies: readonly KeyCopy[],
  master: MasterKey,
  random: Random,
): KeyringRecord[] {
  return copies.map(({ key, ...about }) => ({
    ...about,
    wrapped: wrapped(Buffer.from(key, 'base64'), about, master, random),
  }))
}

function wrapped(
  key: Uint8Array,
  { id, purpose }: Pick<KeyringRecord, 'id' | 'purpose'>,
  master: MasterKey,
  random: Random,
): string {
  const bound = boundOf(id, purpose, master)
  return sealEnvelope(key, { key: master.wrapping, keyId: master.id, bound, random })
}

/**
 * Opens every key of the ring.
 *
 * @throws BhorError `store_damaged` when a key does not open or a purpose has none in use
 */
export function openKeyring(
  records: readonly KeyringRecord[],
  master: MasterKey,
  known: KnownKeys = new Map(),
): Keyring {
  const opened = records.map((record) => ({ record, key: known.get(record.id) ?? openKey(record, master) }))
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

/** A key that was made since, on another server. @throws BhorError `key_wrong` where this one’s master key does not open it */
export function refuseOtherMaster(
  records: readonly KeyringRecord[],
  master: MasterKey,
  known: KnownKeys,
): void {
  const other = records.find(({ id, wrapped }) => !known.has(id) && keyIdOf(wrapped) !== master.id)
  if (other) throw otherMaster(other.id)
}

function otherMaster(id: string): BhorError {
  return new BhorError(
    'key_wrong',
    `The key ${id} of the keyring is sealed by another master key than this server has.`,
    {
      hint: 'The master key was changed: give this server the new one, and start it again.',
    },
  )
}

export function damaged(why: string): BhorError {
  return new BhorError('store_damaged', `Store is damaged at table keyring: ${why}.`, {
    hint: 'Restore a backup.',
  })
}
