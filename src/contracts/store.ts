import type { BhorError } from '../core/errors.ts'
import type {
  AlertChannelReads,
  AlertChannelWrites,
  DeliveryReads,
  DeliveryWrites,
  IncidentReads,
  IncidentWrites,
  OutboxReads,
  OutboxWrites,
} from './alerts.ts'
import type { Actor, AuditAction, AuditHead, AuditLink, AuditRecord } from './audit.ts'
import type { DayList } from './calendar.ts'
import type { CountedRow, InventoryBinding, InventoryKeys } from './inventory.ts'
import type { MirrorReads, MirrorWrites } from './mirrors.ts'
import type { Claim, WorkReads, WorkRecord, WorkWrites } from './work.ts'

/**
 * What is kept, as plain records: instants are epoch milliseconds (UTC), lists and maps are JSON values, sealed
 * fields are text from the vault, `mac` authenticates the row (see `session/ground/records.ts`).
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
  /** Why the broker must be asked whether the session still lives, where no login of this account was the cause. */
  readonly lastDoubt: { readonly atMs: number; readonly code: string } | null
  /** Why the last login or renewal did not bring a session; null after one that did. */
  readonly lastFault: { readonly atMs: number; readonly code: string; readonly detail: string } | null
  /** By which addresses it was last seen to leave, and how it was measured last; null since its way out was changed. */
  readonly lastEgress: {
    /** When it was measured last. */
    readonly atMs: number
    /** Empty where it was never seen. */
    readonly addresses: readonly string[]
    /** When they were seen, where nobody could see any since then. */
    readonly seenAtMs?: number
    /** Why the last measurement has seen none; empty where it has. */
    readonly code: string
    /** The last time that it was seen by other addresses than before, without its way out having been changed. */
    readonly changed?: { readonly atMs: number; readonly before: readonly string[] }
  } | null
  /** Somebody stopped trading with it; null where nobody has. One whose end has passed counts no more. */
  readonly pause: Pause | null
  readonly mac: string
}

/** Trading stopped by somebody: with one account, or with all of them (the kill switch). */
export interface Pause {
  /** Since when without a break, and by whom at first. */
  readonly sinceMs: number
  readonly firstBy: Actor
  /** The latest word on it. */
  readonly atMs: number
  readonly by: Actor
  /** Empty where none was given. */
  readonly reason: string
  /** It ends by itself then; null where only a person ends it. */
  readonly untilMs: number | null
  /** Tokens that can place orders are refused as well. */
  readonly withholds: boolean
}

/** What the user has chosen for an account beyond what its broker needs. */
export interface AccountSettings {
  /** The household member or other group that it is shown with. */
  readonly group?: string
  /** How its calls leave this computer, and what is registered at the broker; directly when left out. */
  readonly egress?: StoredEgress
  /** When it is logged out by itself; never when left out. */
  readonly hygiene?: {
    /** `15:45`, by clocks in India. */
    readonly logoutAt?: string
    /** `4h`: so long after the last hand-out. */
    readonly logoutUnusedAfter?: string
  }
  /** Of a sandbox account: its app gets refresh tokens. */
  readonly renewable?: boolean
  /** How often bhor itself asks the broker for it; as the broker permits when left out. */
  readonly rateLimit?: { readonly requestsPerSecond: number; readonly burstSize: number }
}
export interface StoredEgress {
  /** A source address. */
  readonly from?: string
  /** Instead of it: `http://host:port` or `socks5://host:port`. */
  readonly proxy?: string
  /** `user:password` of the proxy, sealed. */
  readonly sealedLogin?: string
  /** The addresses that the user has registered at the broker, each in its canonical spelling. */
  readonly registered?: readonly string[]
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
  /** By which way its login came, where nobody has confirmed yet that it is the right person's; empty otherwise. */
  readonly unconfirmed: '' | OutsideWay
  readonly mac: string
}

/**
 * By which way a login came back from the broker: to the desk, also by hand; to the porch, from wherever the browser
 * is; as a message of Telegram.
 */
export const loginWays = ['desk', 'porch', 'telegram'] as const
export type LoginWay = (typeof loginWays)[number]
/** Whoever comes by one of these may be anybody: such a login alone pins no person. */
export type OutsideWay = Exclude<LoginWay, 'desk'>

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
  /** By which way it came back; empty as long as it did not. */
  readonly cameBy: '' | LoginWay
  readonly mac: string
}

/** The secret path at the porch to which a broker posts what was approved for an app. */
export interface HookRecord {
  readonly id: string
  readonly appId: string
  /** Keyed hash of the path's secret part; unique. */
  readonly pathHash: string
  readonly createdAtMs: number
  /** When it stops counting, because there is a newer one; null for the newest. */
  readonly endsAtMs: number | null
  readonly mac: string
}

/** The invitation to log in that a reminder carries. Its secret is made from its id and stands nowhere. */
export interface PromptRecord {
  readonly id: string
  readonly accountId: string
  /** `used`: a login was made by it. `withdrawn`: nobody needs it any more. */
  readonly status: 'open' | 'used' | 'withdrawn'
  /** The login that it made; empty for none. */
  readonly loginId: string
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
  /** Empty in a row that was written before intents had one. */
  readonly mac: string
}

export interface ClientKeyRecord {
  readonly id: string
  readonly name: string
  /** SHA-256 of the key, hex; unique. */
  readonly hash: string
  readonly scopes: readonly string[]
  /** Account ids; null for all accounts, also later ones. */
  readonly accountIds: readonly string[] | null
  /** The id of the key that made it; null for one that a person made. */
  readonly madeBy: string | null
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly revokedAtMs: number | null
  /** Of a key that is made for one run of a program: the server at which that run holds it. Null for every other key. */
  readonly heldBy: string | null
  readonly mac: string
}

/** What concerns all accounts: the one row of its table. Without it, or damaged, nobody may trade. */
export interface HouseRecord {
  readonly id: typeof theHouse
  /** The kill switch; null where it is not set. */
  readonly kill: Pause | null
  /** Nothing leaves until the operator unseals; null where bhor is not sealed. */
  readonly seal: Seal | null
  /** When one of the two was last set or lifted. */
  readonly changedAtMs: number
  /** Empty in a row that the schema made, until bhor has looked whether it may count. */
  readonly mac: string
}
export const theHouse = 'house'

/** A browser that is signed in to the page. It is removed when it signs out, is revoked, or its time is over. */
export interface BrowserRecord {
  readonly id: string
  /** As people know it: `Chrome on Linux`. */
  readonly name: string
  /** SHA-256 of its cookie, hex. */
  readonly cookieHash: string
  /** The key by which it comes back: P-256, SPKI, base64. Empty as long as it has none; then it ends with this run. */
  readonly publicKey: string
  /** The address (host and port) in whose storage that key is; the desk's own as long as there is none. */
  readonly host: string
  /** The run of the server that has told anybody this address; empty where none has. */
  readonly toldBy: string
  readonly startedAtMs: number
  /** Not to the moment: it is noted now and then. */
  readonly lastUsedAtMs: number
  readonly mac: string
}

/** The passphrase by which the page confirms what is dangerous: the one row of its table, where one is set. */
export interface PassphraseRecord {
  readonly id: typeof thePassphrase
  /** Sealed JSON: its argon2id, with salt and cost. */
  readonly sealedHash: string
  readonly changedAtMs: number
  readonly mac: string
}
export const thePassphrase = 'desk'

/** The panic button: since when and by whom nothing leaves any more. */
export interface Seal {
  readonly atMs: number
  readonly by: Actor
  /** Empty where none was given. */
  readonly reason: string
}

/** What was last told about an account's gate, kill switch aside, so that each change is told once. Decides nothing. */
export interface GateRecord {
  readonly accountId: string
  readonly isOpen: boolean
  /** Why it is closed; empty while it is open. */
  readonly reason: string
  /** Since when it is open, or closed for whatever reason. */
  readonly sinceMs: number
  /** When it will be another one by time alone; null for never. */
  readonly changesAtMs: number | null
}

/** One data key, sealed by the master key. */
export interface KeyringRecord {
  readonly id: string
  readonly purpose: 'data' | 'mac' | 'audit' | 'lookup' | 'state' | 'inventory'
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

/** What the user has said of trading days, of one day or of a year: of each such span the last word. */
export interface CalendarRecord extends DayList {
  /** Segment and span as one text. */
  readonly id: string
  readonly createdAtMs: number
  readonly mac: string
}

/** Hand-outs to one key, or to people and code without a key, of one account in one minute. */
export interface KeyUseRecord {
  /** Counted from the epoch. Those older than a week are gathered: this is the first minute of their day in India. */
  readonly minute: number
  /** A client key's id; the kind of actor (`operator`, `desk`, `library`) for a hand-out without a key. */
  readonly keyId: string
  readonly accountId: string
  readonly count: number
  readonly lastAtMs: number
}
/** All that is kept of one key's use of one account. */
export interface KeyUseSum {
  readonly keyId: string
  readonly accountId: string
  readonly lastAtMs: number
  /** Since the minute that was asked for. */
  readonly count: number
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
  list(): Promise<Rows<AppRecord>>
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
  /** With its sessions, logins, intents and mirrors; audit records stay. A row that cannot be read goes too. */
  delete(id: string): Promise<void>
}

export interface SessionReads {
  byId(id: string): Promise<SessionRecord | undefined>
  /** The session with the highest generation, ended or not. */
  latest(accountId: string): Promise<SessionRecord | undefined>
  /** Of every account. */
  latestOfAll(): Promise<Rows<SessionRecord>>
  /** Of one account, those that began at `sinceMs` or later and the one before them; the newest first. */
  ofAccount(accountId: string, sinceMs: number): Promise<Rows<SessionRecord>>
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

export interface HookReads {
  byPath(pathHash: string): Promise<HookRecord | undefined>
  ofApp(appId: string): Promise<Rows<HookRecord>>
}
export interface HookWrites extends HookReads {
  insert(record: HookRecord): Promise<void>
  update(record: HookRecord): Promise<void>
  delete(id: string): Promise<void>
}

export interface IntentReads {
  open(): Promise<Rows<IntentRecord>>
  /** The one that spent a code. */
  byGrant(grantHash: string): Promise<IntentRecord | undefined>
}
export interface IntentWrites extends IntentReads {
  /** False when an intent with this grant hash exists: the code was already used. */
  insert(record: IntentRecord): Promise<boolean>
  /** Ends an intent that is open; false when somebody else has ended it already. */
  update(record: IntentRecord): Promise<boolean>
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

export interface CalendarReads {
  list(): Promise<Rows<CalendarRecord>>
}
export interface CalendarWrites extends CalendarReads {
  /** In place of what was said of that span before. */
  set(record: CalendarRecord): Promise<void>
  /** Also of a row that cannot be read. */
  delete(id: string): Promise<void>
}

export interface HouseReads {
  /** @throws BhorError `store_damaged`, also where there is none */
  get(): Promise<HouseRecord>
}
export interface HouseWrites extends HouseReads {
  /** Whatever stands there, damaged or not. */
  set(record: HouseRecord): Promise<void>
}

export interface BrowserReads {
  /** The latest used first. */
  list(): Promise<Rows<BrowserRecord>>
  byId(id: string): Promise<BrowserRecord | undefined>
}
export interface BrowserWrites extends BrowserReads {
  insert(record: BrowserRecord): Promise<void>
  update(record: BrowserRecord): Promise<void>
  /** Also a row that cannot be read: revoking must always work. */
  delete(id: string): Promise<void>
}

export interface PassphraseReads {
  get(): Promise<PassphraseRecord | undefined>
}
export interface PassphraseWrites extends PassphraseReads {
  set(record: PassphraseRecord): Promise<void>
  /** Whatever stands there, damaged or not. */
  delete(): Promise<void>
}

export interface GateReads {
  list(): Promise<Rows<GateRecord>>
  /** A row that cannot be read is none: then it is told again. */
  of(accountId: string): Promise<GateRecord | undefined>
}
export interface GateWrites extends GateReads {
  set(record: GateRecord): Promise<void>
}

export interface PromptReads {
  byId(id: string): Promise<PromptRecord | undefined>
  /** Open and not past `nowMs`. */
  open(nowMs: number): Promise<Rows<PromptRecord>>
}
export interface PromptWrites extends PromptReads {
  insert(record: PromptRecord): Promise<void>
  /** Writes `record` only where the stored status is still `expected`; false when somebody was faster. */
  update(record: PromptRecord, expected: PromptRecord['status']): Promise<boolean>
}

export interface KeyringReads {
  list(): Promise<readonly KeyringRecord[]>
}
/** Where sealed values stand, by the key that sealed them. */
export interface SealReads {
  /** How many rows hold a value under one of these keys. */
  count(keyIds: readonly string[]): Promise<number>
  /** Such rows in order, past `after`. */
  under(keyIds: readonly string[], limit: number, after?: SealedRow): Promise<readonly SealedRow[]>
}
export interface SealedRow {
  readonly table: SealedTable
  readonly id: string
}
/** The tables that hold sealed values. */
export const sealedTables = [
  'apps',
  'accounts',
  'sessions',
  'logins',
  'alert_channels',
  'alert_outbox',
  'passphrases',
] as const
export type SealedTable = (typeof sealedTables)[number]

export interface KeyringWrites extends KeyringReads {
  insert(record: KeyringRecord): Promise<void>
  update(record: KeyringRecord): Promise<void>
  delete(id: string): Promise<void>
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
  /** The newest first; of these accounts when named. A record that cannot be read is left out; `verify` names it. */
  latest(limit: number, accountIds?: readonly string[], beforeSeq?: number): Promise<readonly AuditRecord[]>
  /** The oldest first, past `afterSeq`; otherwise as {@link AuditReads.latest}. */
  past(afterSeq: number, limit: number, accountIds?: readonly string[]): Promise<readonly AuditRecord[]>
  /** Those of these numbers that are there and can be read, in no order. */
  those(seqs: readonly number[]): Promise<readonly AuditRecord[]>
  /** The last record of every account that has one, also of those that are gone. */
  lastOfEach(): Promise<readonly AuditRecord[]>
  /** The number of the last record before this time, as far as the clock of the records was never set back; 0 for none. */
  lastBefore(atMs: number): Promise<number>
}
export interface AuditWrites extends AuditReads {
  /** Takes away what stands up to this record. */
  prune(upTo: number): Promise<void>
  append(append: AppendAudit): Promise<void>
}

/** The part of the feed that is about these accounts, and what of the house is about every account. */
export interface FeedPart {
  readonly accountIds: readonly string[]
  readonly houseActions: readonly AuditAction[]
}
export interface FeedReads {
  /** Rising by `seq`, past `afterSeq`; of `part` alone when named. What stands after the last of the page may be damaged too. */
  after(afterSeq: number, limit: number, part?: FeedPart): Promise<Rows<FeedRecord>>
  /** The oldest and newest that are kept, of `part` alone when named, and the newest of all that was forgotten; 0 where there is none. */
  range(
    part?: FeedPart,
  ): Promise<{ readonly oldest: number; readonly newest: number; readonly forgotten: number }>
}
export interface FeedWrites extends FeedReads {
  insert(records: readonly FeedRecord[]): Promise<void>
  /** Forgets what is older, and remembers up to where; the newest always stays, so that numbers go on. */
  prune(beforeMs: number): Promise<void>
  /** Forgets what has this number or a higher one: it tells of records that the audit has lost. */
  pruneFrom(seq: number): Promise<void>
}

export interface KeyUseReads {
  /** By key and account: the last use, and how many since `minute`. */
  sums(minute: number): Promise<readonly KeyUseSum[]>
  /** When anybody got a token of this account last, as far as that was in `minute` or later. */
  lastOf(accountId: string, minute: number): Promise<number | undefined>
}
export interface KeyUseWrites extends KeyUseReads {
  /** Adds to what was counted; one record for each key, account and minute. */
  add(uses: readonly KeyUseRecord[]): Promise<void>
  /** Gathers what is before `minute` by days, and forgets the days before `oldestMinute`. */
  gather(minute: number, oldestMinute: number): Promise<void>
}

export interface StoreReads {
  readonly apps: AppReads
  readonly accounts: AccountReads
  readonly sessions: SessionReads
  readonly logins: LoginReads
  readonly prompts: PromptReads
  readonly hooks: HookReads
  readonly intents: IntentReads
  readonly keys: KeyReads
  readonly calendar: CalendarReads
  readonly house: HouseReads
  readonly browsers: BrowserReads
  readonly passphrases: PassphraseReads
  readonly mirrors: MirrorReads
  readonly gates: GateReads
  readonly keyring: KeyringReads
  readonly seals: SealReads
  readonly meta: MetaReads
  readonly audit: AuditReads
  readonly feed: FeedReads
  readonly work: WorkReads
  readonly keyUses: KeyUseReads
  readonly channels: AlertChannelReads
  readonly outbox: OutboxReads
  readonly incidents: IncidentReads
  readonly deliveries: DeliveryReads
}

/** Computes the next links from the end of the chain, and its new end with this inventory. Pure and synchronous. */
export type AppendAudit = (
  head: AuditHead,
  inventory: string,
) => {
  readonly links: readonly AuditLink[]
  readonly head: AuditHead
}

/** What can be written, by noun. */
export interface NounWrites extends StoreReads {
  readonly apps: AppWrites
  readonly accounts: AccountWrites
  readonly sessions: SessionWrites
  readonly logins: LoginWrites
  readonly prompts: PromptWrites
  readonly hooks: HookWrites
  readonly intents: IntentWrites
  readonly keys: KeyWrites
  readonly calendar: CalendarWrites
  readonly house: HouseWrites
  readonly browsers: BrowserWrites
  readonly passphrases: PassphraseWrites
  readonly mirrors: MirrorWrites
  readonly gates: GateWrites
  readonly keyring: KeyringWrites
  readonly meta: MetaWrites
  readonly audit: AuditWrites
  readonly feed: FeedWrites
  readonly work: WorkWrites
  readonly keyUses: KeyUseWrites
  readonly channels: AlertChannelWrites
  readonly outbox: OutboxWrites
  readonly incidents: IncidentWrites
  readonly deliveries: DeliveryWrites
}

/** Everything inside becomes durable together or not at all. A counted row is written before its audit record. */
export interface StoreTransaction extends NounWrites {
  /** Takes the rows as this transaction leaves them for the latest, whatever is known of them. */
  accept(): void
}

/** What a hand-out must still be true about at the moment its record becomes durable. */
export interface Watch {
  readonly accountIds: readonly string[]
  readonly keyIds: readonly string[]
  /** Whether these keys were used in that minute before. */
  readonly uses?: { readonly minute: number; readonly keyIds: readonly string[] }
}
export interface WatchedAccount {
  readonly generation: number
  /** The latest session's. */
  readonly status: 'active' | 'ended' | 'none'
  /** The row's, which any rename, edit or pause changes. */
  readonly mac: string
  /** That of the house's row, which the kill switch changes; empty where there is none. */
  readonly houseMac: string
}
export interface Watched {
  /** By account id. Absent: the account is gone. */
  readonly accounts: ReadonlyMap<string, WatchedAccount>
  /** Those that exist and are not revoked. */
  readonly liveKeyIds: ReadonlySet<string>
  /** Those of `uses` that were. */
  readonly usedKeyIds: ReadonlySet<string>
}
/** What becomes durable together on the fast way. */
export interface Appended extends ReturnType<AppendAudit> {
  /** See {@link KeyUseWrites.add}. */
  readonly uses?: readonly KeyUseRecord[]
  readonly events?: readonly FeedRecord[]
}

/** A row as both engines hold it. */
export interface CopiedRow {
  readonly table: string
  readonly row: Readonly<Record<string, string | number | null>>
}
/** Everything that a store holds, as of one moment; what is in the rows means the same on every engine. */
export interface StoreCopy {
  /** How many steps of the schema the store has seen. */
  readonly version: number
  /** Rows that others refer to come first. */
  rows(): AsyncIterable<CopiedRow>
}
/** A store that its schema's next steps have not changed yet. */
export interface OldStore extends StoreCopy {
  readonly meta: MetaReads
  readonly keyring: KeyringReads
}

export interface Store extends StoreReads, AsyncDisposable {
  readonly engine: 'sqlite' | 'postgres'
  /** Other processes may write at the same time: what was read once may be out of date. */
  readonly isShared: boolean
  /** One at a time per process; SERIALIZABLE where the engine has several writers, retried by the store on conflict. */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>
  /**
   * The fast way for records that belong to no other change: one durable commit for the whole batch. `append` sees
   * the watched rows as of this commit; what it throws rolls back and reaches the caller. A watched row that is not the
   * latest is none.
   *
   * @throws BhorError `store_rolled_back` where something is watched
   */
  appendAudit(watch: Watch, append: (head: AuditHead, watched: Watched) => Appended): Promise<void>
  /** Copies the store while it is used. The moment lasts until `take` has ended. */
  copy<T>(take: (copy: StoreCopy) => Promise<T>): Promise<T>
  /**
   * Puts a copy into a store that nobody has used yet, all of it or nothing. Close the store afterwards: it knows nothing
   * of these rows.
   *
   * @throws BhorError `restore_not_empty`, `backup_damaged`, and what the rows throw
   */
  fill(rows: AsyncIterable<CopiedRow>): Promise<void>
  /** Takes what is due, for as long as the lease lasts by the store's clock; the caller prolongs or settles it. */
  claimWork(claim: Claim): Promise<readonly WorkRecord[]>
  /** Nobody else works on this store: what anybody was at is free again. */
  freeWork(): Promise<void>
  /** Prolongs everything that `owner` is at. */
  prolongWork(owner: string, leaseMs: number): Promise<void>
  /** The store's own clock (epoch milliseconds) where it has one that may differ from this computer's. */
  nowMs(): Promise<number | undefined>
  /**
   * Begins to look after the inventory: counts the rows of a store in which they were not counted yet, compares those of
   * any other. Before that, nothing is known of rows; from then on no row that is not the latest is read without
   * its being found, and where one was found, no row is written but to end or remove something.
   */
  takeInventory(keys: InventoryKeys, binding: InventoryBinding): Promise<void>
  /** Whether the inventory was taken with this folder before. */
  isBoundTo(folder: string): Promise<boolean>
  /** What was found, if the store or a row of it went back; a new error each time. */
  rollback(): BhorError | undefined
  /** The rows of which it is known that they are not the latest. */
  setBack(): readonly CountedRow[]
  /** A quick look at whether the store is still as this process knows it, and at what other servers did. */
  look(): Promise<void>
  /** Compares every row with the inventory, and the inventory with its sum. */
  inspect(): Promise<void>
  /** Proves that the store can be read and written, and has not gone back as far as is known. @throws BhorError `store_…` */
  check(): Promise<void>
  /**
   * Keeps room on the disk for a commit that must not fail, where the store has a disk of its own (SQLite): ask for it
   * before a code is spent. @throws BhorError `store_full`
   */
  reserve(): Promise<void>
  /** Gives that room back, so that a commit that failed with `store_full` can be tried once more. */
  release(): Promise<void>
}
