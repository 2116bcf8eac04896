import type { AuditCheck, AuditView } from './api.ts'

/** What a record is about. */
export const activityKinds = ['account', 'login', 'session', 'gate', 'key', 'page', 'alert', 'house'] as const
export type ActivityKind = (typeof activityKinds)[number]

/** What is looked for; all of it when left out. */
export interface ActivityWish {
  account?: string
  /** A client key, by its id or name. */
  program?: string
  kind?: string
  /** A day in India: `2026-11-24`. */
  day?: string
}

/** One thing that happened, or all of the same on one day; it stands where it happened last. */
export interface ActivityEntry
  extends Pick<AuditView, 'seq' | 'at' | 'actor' | 'action' | 'account' | 'result' | 'code'> {
  /** The number of the first of them; `seq` is that of the last. */
  firstSeq: number
  times: number
  /** When the first was; null for a single one. */
  since: string | null
  kind: ActivityKind
  /** By name: `my-bot`. */
  who: string
  /** `my-bot got the session of demo, 214 times since 09:15` */
  text: string
}

/** The newest first. */
export interface ActivityPage {
  entries: ActivityEntry[]
  /** `before` of the next page; null where nothing older is left. */
  next: number | null
  /** The number of the newest record that it counts: `after` for what comes later, `up_to` of its next pages. */
  upTo: number
}

/** What the record tells of beside the accounts that are there. */
export interface ActivityAccounts {
  /** The names of accounts that are gone. */
  gone: string[]
}

export interface AskActivityExport extends ActivityWish {
  format: 'csv' | 'json'
}

/** A copy of the record for a file, with what a check of the whole chain said at that moment. */
export interface ActivityExport {
  /** What the file may be called. */
  name: string
  contentType: string
  text: string
  records: number
  /** False where older records were left out. */
  isWhole: boolean
  /** Of the text. */
  sha256: string
  check: AuditCheck
}

/** The sessions that an account had in the last 30 days, the newest first. */
export interface AccountHistory {
  account: string
  broker: string
  kind: 'live' | 'sandbox' | 'broker-sandbox'
  generation: number
  since: string
  sessions: PastSession[]
}

export interface PastSession {
  generation: number
  startedAt: string
  startedBy: 'login' | 'renewal' | 'import' | 'approval'
  /** Who logged in, as the broker names him. */
  userId: string
  userName: string
  expiresAt: string
  /** null while it lives. */
  endedAt: string | null
  /** `revoked`: by the broker; `replaced`: by the next session. */
  end: 'expired' | 'revoked' | 'logged_out' | 'replaced' | null
}
