import type { AuditHead, AuditLink, AuditRecord } from './audit.ts'

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

/** `live` talks to the broker's hosts, `sandbox` to bhor's own simulator. */
export type AccountKind = 'live' | 'sandbox'

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

export interface SessionRecord {
  readonly id: string
  readonly accountId: string
  readonly generation: number
  readonly status: 'active' | 'ended'
  readonly endReason: 'replaced' | 'expired' | 'revoked' | 'logged_out' | null
  readonly endedAtMs: number | null
  readonly startedBy: 'login' | 'renewal' | 'import' | 'approval'
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

export interface StoreReads {
  accounts(): Promise<readonly AccountRecord[]>
  account(id: string): Promise<AccountRecord | undefined>
  accountByAlias(alias: string): Promise<AccountRecord | undefined>
  app(id: string): Promise<AppRecord | undefined>
  appByKey(broker: string, kind: AccountKind, apiKey: string): Promise<AppRecord | undefined>
  accountsOfApp(appId: string): Promise<readonly AccountRecord[]>
  /** The session with the highest generation, ended or not. */
  latestSession(accountId: string): Promise<SessionRecord | undefined>
  latestSessions(): Promise<readonly SessionRecord[]>
  login(id: string): Promise<LoginRecord | undefined>
  loginByState(stateHash: string): Promise<LoginRecord | undefined>
  /** Open and not past `nowMs`, newest first; of all accounts when none is named. */
  openLogins(nowMs: number, accountId?: string): Promise<readonly LoginRecord[]>
  openIntents(): Promise<readonly IntentRecord[]>
  clientKeys(): Promise<readonly ClientKeyRecord[]>
  clientKeyByHash(hash: string): Promise<ClientKeyRecord | undefined>
  keyring(): Promise<readonly KeyringRecord[]>
  meta(name: string): Promise<string | undefined>
  auditHead(): Promise<AuditHead>
  /** Rising by `seq`, from `fromSeq` on. */
  auditRecords(fromSeq: number, limit: number): Promise<readonly AuditRecord[]>
  /** The newest first; of one account when named. */
  latestAudit(limit: number, accountId?: string, beforeSeq?: number): Promise<readonly AuditRecord[]>
}

/** Computes the next links from the end of the chain. Pure and synchronous. */
export type AppendAudit = (head: AuditHead) => {
  readonly links: readonly AuditLink[]
  readonly head: AuditHead
}

/** Everything inside becomes durable together or not at all. */
export interface StoreTransaction extends StoreReads {
  insertApp(record: AppRecord): Promise<void>
  updateApp(record: AppRecord): Promise<void>
  deleteApp(id: string): Promise<void>
  /** @throws BhorError `already_exists` when the alias is taken */
  insertAccount(record: AccountRecord): Promise<void>
  /** Compares generations: @throws BhorError `generation_conflict` when the stored one is not `expectedGeneration`. */
  updateAccount(record: AccountRecord, expectedGeneration: number): Promise<void>
  /** With its sessions, logins and intents; audit records stay. */
  deleteAccount(id: string): Promise<void>
  /** @throws BhorError `generation_conflict` when this account already has that generation */
  insertSession(record: SessionRecord): Promise<void>
  updateSession(record: SessionRecord): Promise<void>
  insertLogin(record: LoginRecord): Promise<void>
  /** Writes `record` only where the stored status is still `expected`; false when somebody was faster. */
  updateLogin(record: LoginRecord, expected: LoginRecord['status']): Promise<boolean>
  /** False when an intent with this grant hash exists: the code was already used. */
  insertIntent(record: IntentRecord): Promise<boolean>
  updateIntent(record: IntentRecord): Promise<void>
  insertClientKey(record: ClientKeyRecord): Promise<void>
  updateClientKey(record: ClientKeyRecord): Promise<void>
  insertKeyring(record: KeyringRecord): Promise<void>
  updateKeyring(record: KeyringRecord): Promise<void>
  setMeta(name: string, value: string): Promise<void>
  appendAudit(append: AppendAudit): Promise<void>
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
}
