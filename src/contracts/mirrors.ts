import type { Secret } from '../core/secret.ts'
import type { About } from './api.ts'
import type { Rows } from './store.ts'

/** How a mirror is written: as document 002's and 004's programs read it, as lines of an environment, or by a template. */
export const mirrorFormats = ['broker-config', 'hft', 'env', 'json'] as const
export type MirrorFormat = (typeof mirrorFormats)[number]

/** A file that is kept in step with the session of an account. */
export interface MirrorRecord {
  readonly id: string
  readonly accountId: string
  /** Absolute; unique. */
  readonly path: string
  readonly format: MirrorFormat
  /** Of the format `json`: its text. Empty otherwise. */
  readonly template: string
  /** Written in place: where a bind mount forbids to rename. */
  readonly isInPlace: boolean
  /** Of the session that was written there last; 0 for none. */
  readonly generation: number
  /** Keyed hashes of the tokens that bhor has put there, is about to, or may replace; the newest last. */
  readonly known: readonly string[]
  readonly writtenAtMs: number | null
  /** Why the file is not as it should be; null where it is. */
  readonly fault: { readonly atMs: number; readonly code: string; readonly text: string } | null
  readonly createdAtMs: number
  readonly mac: string
}
export interface MirrorReads {
  list(): Promise<Rows<MirrorRecord>>
  ofAccount(accountId: string): Promise<Rows<MirrorRecord>>
  byId(id: string): Promise<MirrorRecord | undefined>
}
export interface MirrorWrites extends MirrorReads {
  /** @throws BhorError `already_exists` where a mirror has this path */
  insert(record: MirrorRecord): Promise<void>
  update(record: MirrorRecord): Promise<void>
  /** Also a row that cannot be read. */
  delete(id: string): Promise<void>
}

/** Where a mirror is, and how it is written. */
export type MirrorPlace = Pick<MirrorRecord, 'path' | 'format' | 'template' | 'isInPlace'>

/** All that a format may write of a session, revealed: for the file, and for nothing else. */
export interface MirrorContent {
  readonly account: string
  readonly broker: string
  readonly kind: string
  readonly generation: number
  readonly apiKey: string
  readonly accessToken: string
  /** Empty for none, as the next one. */
  readonly refreshToken: string
  readonly extendedToken: string
  readonly userId: string
  readonly userName: string
  readonly email: string
  readonly exchanges: readonly string[]
  readonly products: readonly string[]
  readonly orderTypes: readonly string[]
  readonly baseUrl: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  readonly rateLimit: { readonly requestsPerSecond: number; readonly burstSize: number }
  /** The variables of an environment, by what they hold: every name in use, the most common one first. */
  readonly variables: {
    readonly accessToken: readonly string[]
    readonly apiKey: readonly string[]
    readonly userId: readonly string[]
  }
}

export interface FoundTokens {
  readonly access: Secret
  readonly refresh?: Secret
}

/** Mirrors as files. Implemented by `mirrors/`. */
export interface MirrorFiles {
  /** Whether a mirror may be there at all, and a token has a place in what stands there. @throws BhorError `mirror_invalid`, `mirror_unwritable` */
  check(place: MirrorPlace, variables: MirrorContent['variables']): Promise<void>
  /** What is in the file; undefined where there is no token, or no file. @throws BhorError `mirror_unwritable` */
  tokensIn(place: MirrorPlace, variables: MirrorContent['variables']): Promise<FoundTokens | undefined>
  /**
   * Brings the file up to date and keeps what else is in it. What is written holds the token, or nothing is.
   *
   * @param isOurs whether the token in it may be replaced
   * @throws BhorError `mirror_conflict`, `mirror_unwritable`
   */
  write(place: MirrorPlace, content: MirrorContent, isOurs: (token: string) => boolean): Promise<void>
}

/** How a mirror stands: its file has the session, waits for one, holds a token that bhor did not write, or could not be written. */
export const mirrorStates = ['written', 'waiting', 'conflict', 'failing', 'damaged'] as const
export type MirrorState = (typeof mirrorStates)[number]

export interface MirrorView extends About {
  id: string
  path: string
  format: MirrorFormat
  inPlace: boolean
  state: MirrorState
  /** Of the session in the file; 0 for none. */
  generation: number
  writtenAt: string | null
  fault: { at: string; code: string; text: string } | null
}
export interface AddMirror {
  account: string
  /** Absolute, on the computer on which bhor runs. */
  path: string
  format: MirrorFormat
  /** The JSON text of the format `json`, with `{{access_token}}` and others in its texts. */
  template?: string
  inPlace?: boolean
}
export interface SyncMirror {
  /** What to do with a token that bhor did not write: use it, or write over it. */
  foreign?: 'take' | 'overwrite'
}
