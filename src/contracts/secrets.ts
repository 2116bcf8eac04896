import type { Secret } from '../core/secret.ts'
import type { KeyringRecord } from './store.ts'

/** Where a sealed value stands. A value moved to any other place does not open. */
export interface Place {
  readonly table:
    | 'apps'
    | 'accounts'
    | 'sessions'
    | 'logins'
    | 'passphrases'
    | 'alert_channels'
    | 'alert_outbox'
  /** The row's id. */
  readonly row: string
  readonly field: string
  /** The account's generation for session fields, 0 elsewhere. */
  readonly generation: number
}

/** The columns of one row by name; lists and maps as JSON text. */
export interface MacFields {
  readonly table:
    | 'apps'
    | 'accounts'
    | 'sessions'
    | 'logins'
    | 'prompts'
    | 'intents'
    | 'client_keys'
    | 'calendar'
    | 'house'
    | 'alert_channels'
    | 'hooks'
    | 'browsers'
    | 'passphrases'
    | 'mirrors'
  readonly row: string
  readonly fields: Readonly<Record<string, string | number | null>>
}

/**
 * Sealing and authentication of what is stored. Implemented by `vault/`: AES-256-GCM under data keys that are
 * themselves sealed by the master key. There is no mode without a key.
 */
export interface Vault {
  /** The id of the data key that seals new values; another one once the ring has changed. */
  readonly keyId: string
  /** The data keys that only open what they have sealed, until nothing is left of it. */
  readonly retiredKeyIds: readonly string[]
  seal(plain: string, place: Place): string
  /** @throws BhorError `seal_broken` when the value was changed, moved, or sealed by a key that is not in the ring */
  open(sealed: string, place: Place): Secret
  /** The same value under the key of now; unchanged where it is already, or is empty. @throws BhorError `seal_broken` */
  resealed(sealed: string, place: Place): string
  /** Whether the key that sealed this text is known here; of an empty text, and of what nobody sealed, true. */
  knowsKeyOf(sealed: string): boolean
  /** The public name of the master key that seals the ring, as this process has it. */
  readonly masterKeyId: string
  /** Where that key comes from, for people. */
  readonly masterKeySource: string
  /** A new data key for the ring, sealed by the master key. */
  newDataKey(nowMs: number): KeyringRecord
  /** Goes on with the ring as it is stored now. Keys that are not in it any more still open what was read before. @throws BhorError `key_wrong` */
  learn(records: readonly KeyringRecord[]): void
  /** HMAC-SHA-256 over table, row and fields; base64url. */
  mac(row: MacFields): string
  /** Constant time. */
  isMacValid(row: MacFields, mac: string): boolean
  /** A keyed hash for looking up or comparing a secret without storing it; hex. */
  fingerprint(
    purpose:
      | 'login-state'
      | 'login-grant'
      | 'key-proof'
      | 'hook'
      | 'desk-proof'
      | 'credentials'
      | 'mirror-token',
    value: string,
  ): string
  /** HMAC-SHA-256 of the audit chain; base64url. */
  auditMac(text: string): string
  /** The id of the key that counts rows now. */
  readonly inventoryKeyId: string
  /** HMAC-SHA-256 of rows and versions; hex. Undefined for a key that is not in the ring. */
  inventoryMac(text: string, keyId: string): string | undefined
  /** The id of the key by which something outside of the store is bound to it now: that of the audit. */
  readonly counterKeyId: string
  /** HMAC-SHA-256 of that; hex. Undefined for a key that is not in the ring. */
  counterMac(text: string, keyId: string): string | undefined
  /** Signs our login state, so that a forged one is refused before the store is asked. */
  signState(payload: string): string
  isStateSigned(payload: string, signature: string): boolean
}

/** Under which name the store says by which master key its ring is sealed. */
export const masterKeyIdName = 'vault.master_key_id'
