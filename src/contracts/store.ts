import type { BhorError } from '../core/errors.ts'
import type { AuditAction, AuditHead, AuditLink, AuditRecord } from './audit.ts'
import type { Egress } from './net.ts'

/**
 * What is kept, as plain records: instants are epoch milliseconds (UTC), lists and maps are JSON values, sealed
 * fields are text from the vault, `mac` authenticates the plain columns (see `session/records.ts`).
 * One contract, two engines (SQLite, PostgreSQL), one suite over both.
 */
export interface AppRecord {
  readonly id: string
  readonly broker: string
  readonly kind: AccountKind
  readonly apiKey: string
  /** Public fields beside the key. */
  readonly fields: Readonly<Record<string, string>>
  /** Sealed JSON object of the secret fields. */
  readonly sealedSecrets: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly mac: string
}

/** `live` talks to the broker's hosts, `sandbox` to bhor's own simulator, `broker-sandbox` to the broker's own one. */
export const accountKinds = ['live', 'sandbox', 'broker-sandbox'] as const
export type AccountKind = (typeof accountKinds)[number]

export interface AccountRecord {
  readonly id: string
  /** Unique: the name that people and programs use. */
  readonly alias: string
  /** A longer name for people. */
  readonly label: string
  readonly broker: string
  readonly kind: AccountKind
  readonly appId: string
  /** The broker's user id; empty until the first login pins it. */
  readonly userId: string
  readonly redirectUrl: string
  readonly postbackUrl: string
  readonly fields: Readonly<Record<string, string>>
  /** Sealed JSON object: phone number, password, PIN, TOTP seed where the user stores them; empty text for none. */
  readonly sealedSecrets: string
  readonly settings: AccountSettings
  /** Rises by one with each new session; 0 before the first. */
  readonly generation: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly lastLoginAtMs: number | null
  readonly lastProbe: {
    readonly atMs: number
    readonly verdict: 'valid' | 'invalid' | 'unknown'
    readonly code: string
  } | null
  /** Why the last login or renewal did not bring a session; null after one that did. */
  readonly lastFault: { readonly atMs: number; readonly code: string; readonly detail: string } | null
  readonly mac: string
}

/** What the user has chosen for an account beyond what its broker needs. */
export interface AccountSettings {
  /** The household member or other group that it is shown with. */
  readonly group?: string
  /** How its calls leave this computer; directly when left out. */
  readonly egress?: Egress
}

/** What a session began with. */
export const sessionStarts = ['login', 'renewal', 'import', 'approval'] as const
export type SessionStart = (typeof sessionStarts)[number]

export interface SessionRecord {
  readonly id: string
  readonly accountId: string
  readonly generation: number
  readonly status: 'active' | 'ended'
  readonly endReason: 'replaced' | 'expired' | 'revoked' | 'logged_out' | null
  readonly endedAtMs: number | null
  readonly startedBy: SessionStart
  /** Sealed JSON object: token by kind. */
  readonly sealedTokens: string
  /** Sealed: the one-time code that this session was exchanged for; empty text for a renewal. */
  readonly sealedGrant: string
  /** Which kinds `sealedTokens` holds, each with its own end. */
  readonly tokenExpiriesMs: Readonly<Record<string, number>>
  readonly userId: string
  readonly userName: string
  readonly userShortname: string
  readonly email: string
  readonly userType: string
  readonly brokerName: string
  readonly exchanges: readonly string[]
  readonly products: readonly string[]
  readonly orderTypes: readonly string[]
  /** The session's own base URL where the broker gives one; empty otherwise. */
  readonly baseUrl: string
  readonly grantedAtMs: number
  readonly expiresAtMs: number
  readonly createdAtMs: number
  readonly mac: string
}

export interface LoginRecord {
  readonly id: string
  readonly accountId: string
  readonly broker: string
  /** Keyed hash of our state; unique. */
  readonly stateHash: string
  readonly redirectUrl: string
  readonly status: 'open' | 'used' | 'done' | 'failed' | 'cancelled'
  /** An error code when failed or cancelled. */
  readonly outcome: string
  /** The generation that it brought; 0 until done. */
  readonly generation: number
  /** Sealed JSON object of what the steps before carried; empty text for none. */
  readonly sealedCarry: string
  readonly startedBy: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly mac: string
}

/** Written before a single-use code or a refresh token is sent, so that a crash is known for what it is. */
export interface IntentRecord {
  readonly id: string
  readonly accountId: string
  readonly loginId: string
  readonly kind: 'exchange' | 'renewal'
  /** Keyed hash of the code; unique: whoever inserts it may send it, once. */
  readonly grantHash: string
  readonly state: 'open' | 'committed' | 'failed' | 'lost'
  readonly code: string
  readonly createdAtMs: number
  readonly finishedAtMs: number | null
}

export interface ClientKeyRecord {
  readonly id: string
  readonly name: string
  /** SHA-256 of the key, hex; unique. */
  readonly hash: string
  readonly scopes: readonly string[]
  /** Account ids; null for all accounts, also later ones. */
  readonly accountIds: readonly string[] | null
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly revokedAtMs: number | null
  readonly mac: string
}

/** One data key, sealed by the master key. */
export interface KeyringRecord {
  readonly id: string
  readonly purpose: 'data' | 'mac' | 'audit' | 'lookup' | 'state'
  readonly wrapped: string
  readonly createdAtMs: number
  readonly retiredAtMs: number | null
}

/** What has happened to whom, as the feed tells it: written in the commit that made it, kept for a week. */
export interface FeedRecord {
  /** That of the audit record of the same event: it rises in commit order, with gaps. */
  readonly seq: number
  readonly atMs: number
  readonly action: AuditAction
  readonly result: 'ok' | 'refused' | 'failed'
  /** Of an event about one account; null for the house. */
  readonly account: FeedAccount | null
  readonly code: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
}
/** The account as it was after the event. */
export interface FeedAccount {
  readonly id: string
  readonly alias: string
  readonly broker: string
  readonly kind: AccountKind
  readonly generation: number
}

/** A row that cannot be read: it fails for itself alone, and whoever lists its table is told which one it is. */
export interface DamagedRow {
  readonly table: string
  readonly id: string
  /** What it was called, as far as that can still be read; empty otherwise. */
  readonly name: string
  readonly error: BhorError
}
/** The rows of a table, the sound and the damaged. */
export interface Rows<Record> {
  readonly records: readonly Record[]
  readonly damaged: readonly DamagedRow[]
}

export interface AppReads {
  byId(id: string): Promise<AppRecord | undefined>
  byKey(broker: string, kind: AccountKind, apiKey: string): Promise<AppRecord | undefined>
}
export interface AppWrites extends AppReads {
  insert(record: AppRecord): Promise<void>
  update(record: AppRecord): Promise<void>
  /** Those that no account uses any more. */
  deleteUnused(): Promise<void>
}

export interface AccountReads {
  list(): Promise<Rows<AccountRecord>>
  byId(id: string): Promise<AccountRecord | undefined>
  byAlias(alias: string): Promise<AccountRecord | undefined>
  /** Also of a row that cannot be read otherwise: that is the way to remove it. */
  idOf(alias: string): Promise<string | undefined>
  ofApp(appId: string): Promise<Rows<AccountRecord>>
}
export interface AccountWrites extends AccountReads {
  /** @throws BhorError `already_exists` when the alias is taken */
  insert(record: AccountRecord): Promise<void>
  /** Compares generations: @throws BhorError `generation_conflict` when the stored one is not `expectedGeneration`. */
  update(record: AccountRecord, expectedGeneration: number): Promise<void>
  /** With its sessions, logins and intents; audit records stay. A row that cannot be read goes too. */
  delete(id: string): Promise<void>
}

export interface SessionReads {
  /** The session with the highest generation, ended or not. */
  latest(accountId: string): Promise<SessionRecord | undefined>
  /** Of every account. */
  latestOfAll(): Promise<Rows<SessionRecord>>
}
export interface SessionWrites extends SessionReads {
  /** @throws BhorError `generation_conflict` when this account already has that generation */
  insert(record: SessionRecord): Promise<void>
  update(record: SessionRecord): Promise<void>
}

export interface LoginReads {
  byId(id: string): Promise<LoginRecord | undefined>
  byState(stateHash: string): Promise<LoginRecord | undefined>
  /** Open and not past `nowMs`, newest first; of all accounts when none is named. */
  open(nowMs: number, accountId?: string): Promise<Rows<LoginRecord>>
}
export interface LoginWrites extends LoginReads {
  insert(record: LoginRecord): Promise<void>
  /** Writes `record` only where the stored status is still `expected`; false when somebody was faster. */
  update(record: LoginRecord, expected: LoginRecord['status']): Promise<boolean>
}

export interface IntentReads {
  open(): Promise<Rows<IntentRecord>>
}
export interface IntentWrites extends IntentReads {
  /** False when an intent with this grant hash exists: the code was already used. */
  insert(record: IntentRecord): Promise<boolean>
  update(record: IntentRecord): Promise<void>
}

export interface KeyReads {
  list(): Promise<Rows<ClientKeyRecord>>
  byId(id: string): Promise<ClientKeyRecord | undefined>
  byHash(hash: string): Promise<ClientKeyRecord | undefined>
}
export interface KeyWrites extends KeyReads {
  insert(record: ClientKeyRecord): Promise<void>
  update(record: ClientKeyRecord): Promise<void>
  /** For a row that cannot be read: revoking must always work. */
  delete(id: string): Promise<void>
}

export interface KeyringReads {
  list(): Promise<readonly KeyringRecord[]>
}
export interface KeyringWrites extends KeyringReads {
  insert(record: KeyringRecord): Promise<void>
  update(record: KeyringRecord): Promise<void>
}

/** Small named values of the store as a whole. */
export interface MetaReads {
  get(name: string): Promise<string | undefined>
}
export interface MetaWrites extends MetaReads {
  set(name: string, value: string): Promise<void>
}

export interface AuditReads {
  head(): Promise<AuditHead>
  /** Rising by `seq`, from `fromSeq` on. @throws BhorError `store_damaged` with the fact `seq` */
  from(fromSeq: number, limit: number): Promise<readonly AuditRecord[]>
  /** The newest first; of one account when named. A record that cannot be read is left out; `verify` names it. */
  latest(limit: number, accountId?: string, beforeSeq?: number): Promise<readonly AuditRecord[]>
}
export interface AuditWrites extends AuditReads {
  append(append: AppendAudit): Promise<void>
}

export interface FeedReads {
  /** Rising by `seq`, past `afterSeq`. A row that cannot be read is left out. */
  after(afterSeq: number, limit: number): Promise<readonly FeedRecord[]>
  /** The oldest and newest that are kept; 0 where there is none. */
  range(): Promise<{ readonly oldest: number; readonly newest: number }>
}
export interface FeedWrites extends FeedReads {
  insert(records: readonly FeedRecord[]): Promise<void>
  /** Forgets what is older; the newest always stays, so that numbers go on. */
  prune(beforeMs: number): Promise<void>
}

export interface StoreReads {
  readonly apps: AppReads
  readonly accounts: AccountReads
  readonly sessions: SessionReads
  readonly logins: LoginReads
  readonly intents: IntentReads
  readonly keys: KeyReads
  readonly keyring: KeyringReads
  readonly meta: MetaReads
  readonly audit: AuditReads
  readonly feed: FeedReads
}

/** Computes the next links from the end of the chain. Pure and synchronous. */
export type AppendAudit = (head: AuditHead) => {
  readonly links: readonly AuditLink[]
  readonly head: AuditHead
}

/** Everything inside becomes durable together or not at all. */
export interface StoreTransaction extends StoreReads {
  readonly apps: AppWrites
  readonly accounts: AccountWrites
  readonly sessions: SessionWrites
  readonly logins: LoginWrites
  readonly intents: IntentWrites
  readonly keys: KeyWrites
  readonly keyring: KeyringWrites
  readonly meta: MetaWrites
  readonly audit: AuditWrites
  readonly feed: FeedWrites
}

/** What a hand-out must still be true about at the moment its record becomes durable. */
export interface Watch {
  readonly accountIds: readonly string[]
  readonly keyIds: readonly string[]
}
export interface Watched {
  /** By account id: generation, the latest session's status, and the row's `mac`, which any rename or edit changes. Absent: the account is gone. */
  readonly accounts: ReadonlyMap<
    string,
    { readonly generation: number; readonly status: 'active' | 'ended' | 'none'; readonly mac: string }
  >
  /** Those that exist and are not revoked. */
  readonly liveKeyIds: ReadonlySet<string>
}

export interface Store extends StoreReads, AsyncDisposable {
  readonly engine: 'sqlite' | 'postgres'
  /** Other processes may write at the same time: what was read once may be out of date. */
  readonly isShared: boolean
  /** One at a time per process; SERIALIZABLE where the engine has several writers, retried by the store on conflict. */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>
  /**
   * The fast way for records that belong to no other change: one durable commit for the whole batch. `append` sees
   * the watched rows as of this commit; what it throws rolls back and reaches the caller.
   */
  appendAudit(
    watch: Watch,
    append: (head: AuditHead, watched: Watched) => ReturnType<AppendAudit>,
  ): Promise<void>
  /** Proves that the store can be read and written. @throws BhorError `store_…` */
  check(): Promise<void>
  /**
   * Keeps room on the disk for a commit that must not fail, where the store has a disk of its own (SQLite): ask for it
   * before a code is spent. @throws BhorError `store_full`
   */
  reserve(): Promise<void>
  /** Gives that room back, so that a commit that failed with `store_full` can be tried once more. */
  release(): Promise<void>
}
