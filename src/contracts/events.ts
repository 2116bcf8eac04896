import type { About, Kind, SessionStatus } from './api.ts'

/** The wire types of `GET /v1/events`. Times are ISO 8601 in UTC. */

/** What every event about an account says; all but the first two as it was afterwards. */
export interface Told extends About {
  /** Its number, the `id` of the stream: rising, with gaps. */
  seq: number
  at: string
  generation: number
}
export interface SessionStarted extends Told {
  startedBy: 'login' | 'renewal' | 'import' | 'approval'
}
export interface SessionEnded extends Told {
  reason: 'expired' | 'revoked' | 'logged_out'
  /** How the broker has said so, where it ended the session. */
  code: string | null
}
/** Of the house, which is about every account, without one. */
export interface GateChanged {
  seq: number
  at: string
  account: string | null
  broker: string | null
  kind: Kind | null
  generation: number | null
  state: 'open' | 'closed'
  /** The gravest of the causes that close it. */
  reason: string | null
}
/** There is no session, and only a login brings the next one. */
export interface LoginNeeded extends Told {
  /** `renewal_failed`: it was to be renewed without a human, and that is over. */
  reason: 'expired' | 'revoked' | 'logged_out' | 'renewal_failed'
}
export interface LoginFinished extends Told {
  login: string | null
  result: 'done' | 'failed' | 'cancelled'
  code: string | null
}
/** A session was posted to the porch that nobody asked for, or that is not the account's: it was dropped. At most once a minute. */
export interface LoginDropped extends Told {
  code: string
}
/** Something else about the account is not as it was: read it again. */
export interface AccountChanged extends Told {
  change:
    | 'added'
    | 'edited'
    | 'removed'
    | 'login_started'
    /** The person is back from the broker's page: the exchange follows. */
    | 'login_returned'
    | 'login_asks'
    | 'tested'
    | 'doubted'
    | 'measured'
    | 'paused'
    | 'resumed'
    | 'compromised'
    | 'unconfirmed'
    | 'renewal_failed'
}
/** At most once for each key and minute; only for who may manage keys. */
export interface KeyUsed extends Told {
  key: string
}
/** What of the house, of no account, is not as it was: read it again. Only for who has the right `admin` over all of it. */
export const houseChanges = [
  'keys',
  'alerts',
  'mirrors',
  'calendar',
  'backups',
  'browsers',
  'seal',
  'vault',
  'settings',
  /** What keeps everything from leaving has come, or is over. */
  'trouble',
] as const
export type HouseChange = (typeof houseChanges)[number]
export interface HouseChanged {
  seq: number
  at: string
  change: HouseChange
}
/** A new session after trouble, or the broker's word that a doubted one lives. */
export interface Recovered extends Told {
  /** The code of the trouble that is over. */
  from: string
}
/** Events before this one are not known: here is how things stand. */
export interface Reset {
  /** Go on from here. */
  seq: number
  at: string
  /** `too_old`: forgotten after a week. `unknown_number`: never told. `damaged`: they cannot be read. */
  reason: 'too_old' | 'unknown_number' | 'damaged'
  accounts: AccountState[]
}
export interface AccountState extends About {
  generation: number
  status: SessionStatus
  expiresAt: string | null
}
/** The data of each event of `GET /v1/events`, by its name. */
export interface FeedEvents {
  'session.started': SessionStarted
  'session.ended': SessionEnded
  'gate.changed': GateChanged
  'login.needed': LoginNeeded
  'login.finished': LoginFinished
  'login.dropped': LoginDropped
  'account.changed': AccountChanged
  'house.changed': HouseChanged
  'key.used': KeyUsed
  recovered: Recovered
  reset: Reset
}
export type FeedEventName = keyof FeedEvents
export type FeedEvent = { [Name in FeedEventName]: { event: Name; data: FeedEvents[Name] } }[FeedEventName]
