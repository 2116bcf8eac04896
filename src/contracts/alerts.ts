import type { ErrorCode } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import type { Kind } from './api.ts'
import type { ChatBot } from './chat.ts'
import type { FeedAccount, Rows } from './store.ts'

/** Rising: a channel has the least severity that it passes on. */
export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

/** What can be told. Closed: a new one is added here and to the table of `session/alerts/rules.ts`. */
export const alertKinds = [
  'session_ending',
  'session_ended',
  'session_died',
  'session_started',
  'login_needed',
  'login_failed',
  'login_dropped',
  'renewal_failed',
  'wrong_person',
  'gate_closed',
  'trading_stopped',
  'egress_changed',
  'key_ending',
  'backup_old',
  'audit_broken',
  'store_rolled_back',
  'disk_full',
  'clock_wrong',
  'channel_failing',
  'heartbeat_failing',
  'mirror_failing',
  'recovered',
  'test',
  'reminder',
  'all_ready',
  'notice',
] as const
export type AlertKind = (typeof alertKinds)[number]

/** One thing that somebody should know. Its texts hold no secret; what a link does is used once and lives shortly. */
export interface Alert {
  readonly kind: AlertKind
  readonly severity: Severity
  /** As it was when it was told; null for the house. */
  readonly account: FeedAccount | null
  /** What is told once: together with the account it names the trouble. Empty where everything of it is told. */
  readonly cause: string
  /** One line without the account's name: `The session ended early`. */
  readonly title: string
  /** What it means, in sentences; empty where the title says all. */
  readonly text: string
  /** The next step; empty where there is nothing to do. */
  readonly next: string
  readonly atMs: number
  readonly links?: readonly AlertLink[]
  /** The event of the feed that it tells of, for a webhook: its name there, and its data beside what every alert says. */
  readonly event?: { readonly type: string; readonly data: Readonly<Record<string, AlertFact>> }
}
export type AlertFact = string | number | boolean | null

/** Something to tap. A channel that has no buttons writes {@link AlertLink.url} out; one without it leaves the link away. */
export interface AlertLink {
  readonly label: string
  readonly url?: string
  /** What a Telegram button sends back to the bot, at most 64 bytes; instead of the address there. */
  readonly tap?: string
}

/** What a channel sends at once: one alert, or all that have piled up. */
export interface AlertMessage {
  /** The same whenever the same message is tried again, so that a receiver can tell that it has it. */
  readonly id: string
  readonly atMs: number
  /** At least one; the oldest first, the critical before the others. */
  readonly alerts: readonly Alert[]
  /** How many were left out because they were too old to be of use. */
  readonly leftOut: number
}

/** How a message, or a look whether a channel works, ended. */
export type Delivery =
  /** `moved`: settings of the channel that are others from now on, e.g. the chat of a group that became a supergroup. */
  | { readonly outcome: 'delivered'; readonly moved?: ChannelSettings }
  /** It may work later by itself. */
  | {
      readonly outcome: 'retry'
      readonly code: ErrorCode
      readonly text: string
      /** The receiver asks for this pause; never less than a second. */
      readonly afterMs?: number
      /** The receiver may have it all the same. */
      readonly mayHaveIt?: boolean
    }
  /** Somebody has to correct something first; it is tried again, but seldom. */
  | {
      readonly outcome: 'refused'
      readonly code: ErrorCode
      readonly text: string
      readonly hint?: string
    }

/** One receiver, opened. Never throws for what the other side does; never says a secret. */
export interface AlertChannel {
  send(message: AlertMessage): Promise<Delivery>
  /** Looks whether it would work, and sends nothing that anybody sees where its protocol allows that. */
  check(): Promise<Delivery>
}

export const channelKinds = ['telegram', 'email', 'webhook', 'ntfy'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** The public fields of a channel by name. */
export type ChannelSettings = Readonly<Record<string, string>>
export type ChannelSecrets = Readonly<Record<string, Secret>>

/** A field that a kind of channel asks for. */
export interface ChannelField {
  readonly name: string
  readonly label: string
  readonly help: string
  readonly secret: boolean
  readonly optional: boolean
}

/** One kind of channel, as `alerts/` implements it. */
export interface ChannelType {
  readonly kind: ChannelKind
  readonly fields: readonly ChannelField[]
  /** What a new channel passes on when nothing is said. */
  readonly leastSeverity: Severity
  /** A program gets each event by itself; a person is not told three times of one trouble. */
  readonly reader: 'person' | 'program'
  /**
   * Looks at what somebody gave, before anything is stored; gives it in its canonical spelling.
   *
   * @throws BhorError `channel_invalid`, `channel_target_refused`
   */
  checked(settings: ChannelSettings, secrets: ChannelSecrets): Promise<ChannelSettings>
  /** A secret that bhor makes where none is given, by field; shown once. */
  readonly makes?: { readonly field: string; make(): Secret }
  /** Where it goes, for people: nothing of it is secret. */
  target(settings: ChannelSettings, secrets: ChannelSecrets): string
  open(settings: ChannelSettings, secrets: ChannelSecrets): AlertChannel
  /** The bot that hears what people write there; absent where nobody can write back. */
  bot?(settings: ChannelSettings, secrets: ChannelSecrets): ChatBot
}

/** Not told in these hours, by clocks in India; what is critical is told all the same. */
export interface QuietHours {
  /** `22:00` */
  readonly from: string
  readonly until: string
}

/** A row with a MAC. */
export interface AlertChannelRecord {
  readonly id: string
  /** Unique: what people call it. */
  readonly name: string
  readonly kind: ChannelKind
  readonly settings: ChannelSettings
  /** Sealed JSON object of the secret fields; empty text for none. */
  readonly sealedSecrets: string
  readonly leastSeverity: Severity
  /** Account ids; null for all, and for what concerns the house. */
  readonly accountIds: readonly string[] | null
  readonly quiet: QuietHours | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly mac: string
}

/** An alert that waits for one channel. The alert itself is sealed: it may hold a link that logs somebody in. */
export interface OutboxRecord {
  readonly id: string
  readonly channelId: string
  readonly atMs: number
  readonly severity: Severity
  readonly sealedAlert: string
}

/** A trouble that was told and is not over. Decides nothing but what is told. */
export interface IncidentRecord {
  /** Cause and account. */
  readonly id: string
  readonly kind: AlertKind
  readonly cause: string
  readonly accountId: string | null
  readonly sinceMs: number
  readonly toldAtMs: number
  /** The channels to which it was told, and to which its end is told. */
  readonly channelIds: readonly string[]
}

/** How things stand with one channel. Decides nothing but when something is tried. */
export interface DeliveryRecord {
  readonly channelId: string
  /** When something was last begun to be sent: there is a minute between two messages, also after a crash. */
  readonly triedAtMs: number | null
  /**
   * What that was, by ids of the outbox: tried again as it is, because the receiver may have it. Of what it refused the part
   * that is tried next. Empty after a message.
   */
  readonly trying: readonly string[]
  readonly deliveredAtMs: number | null
  readonly failedAtMs: number | null
  /** Of the last failure; empty for none. */
  readonly failureCode: string
  readonly failureText: string
  /** In a row; 0 after a message or a look that succeeded. */
  readonly failures: number
  readonly checkedAtMs: number | null
  readonly deliveredCount: number
  readonly failedCount: number
  /** Alerts that were too old to be of use, since the last message. */
  readonly leftOut: number
}

export interface AlertChannelReads {
  list(): Promise<Rows<AlertChannelRecord>>
  byId(id: string): Promise<AlertChannelRecord | undefined>
}
export interface AlertChannelWrites extends AlertChannelReads {
  /** @throws BhorError `already_exists` when the name is taken */
  insert(record: AlertChannelRecord): Promise<void>
  update(record: AlertChannelRecord): Promise<void>
  /** With what waits for it. A row that cannot be read goes too. */
  delete(id: string): Promise<void>
}

export interface OutboxReads {
  byId(id: string): Promise<OutboxRecord | undefined>
  /** The critical first, then the oldest. */
  of(channelId: string, limit: number): Promise<Rows<OutboxRecord>>
  depth(): Promise<{ readonly count: number; readonly oldestMs: number | null }>
}
export interface OutboxWrites extends OutboxReads {
  insert(record: OutboxRecord): Promise<void>
  delete(ids: readonly string[]): Promise<void>
}

export interface IncidentReads {
  list(): Promise<readonly IncidentRecord[]>
}
export interface IncidentWrites extends IncidentReads {
  set(record: IncidentRecord): Promise<void>
  delete(id: string): Promise<void>
}

export interface DeliveryReads {
  list(): Promise<readonly DeliveryRecord[]>
  of(channelId: string): Promise<DeliveryRecord | undefined>
}
export interface DeliveryWrites extends DeliveryReads {
  set(record: DeliveryRecord): Promise<void>
}

// The wire of `/v1/alerts`. Times are ISO 8601 in UTC.

export interface AlertChannelView {
  name: string
  kind: ChannelKind
  /** Where it goes, without what is secret. */
  target: string
  settings: Record<string, string>
  /** Which secret fields are stored. */
  secrets: string[]
  leastSeverity: Severity
  /** Null for all, and for what concerns the house. */
  accounts: string[] | null
  /** What it is told by these settings, the gravest first. */
  tells: AlertKind[]
  quiet: { from: string; until: string } | null
  /** `damaged`: its row cannot be believed, and nothing is sent. */
  state: 'new' | 'working' | 'failing' | 'damaged'
  waiting: number
  lastDelivery: string | null
  lastFailure: { at: string; code: string; text: string } | null
  lastCheck: string | null
}
export interface AddAlertChannel {
  name: string
  kind: ChannelKind
  /** Public and secret fields, as the kind names them. */
  fields?: Record<string, string>
  secrets?: Record<string, string>
  leastSeverity?: Severity
  /** Only what concerns these; of all, and of the house, when left out. */
  accounts?: string[]
  quiet?: { from: string; until: string }
}
export interface AlertChannelAdded extends AlertChannelView {
  /** A secret that bhor made, by field; shown this once. */
  made: Record<string, string>
}
/** What is left out stays; an empty text takes an optional field away. */
export interface EditAlertChannel {
  name?: string
  fields?: Record<string, string>
  secrets?: Record<string, string>
  leastSeverity?: Severity
  /** Null for all. */
  accounts?: string[] | null
  /** Null for none. */
  quiet?: { from: string; until: string } | null
}
export interface AlertTested {
  name: string
  delivered: true
  at: string
}

/** What every webhook says of an alert; the event's own fields stand beside them. */
export interface WebhookAlert {
  alert: AlertKind
  severity: Severity
  account: string | null
  broker: string | null
  kind: Kind | null
  generation: number | null
  title: string
  text: string
  next: string
  [fact: string]: AlertFact
}
