import type { WallClock } from '../core/ist.ts'

/**
 * What is traded together: `equity` shares at NSE and BSE, `fno` futures and options there, `commodity` MCX,
 * `currency` the currency derivatives of NSE and BSE.
 */
export const segments = ['equity', 'fno', 'commodity', 'currency'] as const
export type Segment = (typeof segments)[number]

export const sessionPhases = ['pre_open', 'open', 'closing_auction'] as const
export type SessionPhase = (typeof sessionPhases)[number]

/** For whom a session is, where the segment is not one: since 3 Aug 2026 shares with derivatives end otherwise. */
export const sharesWith = ['shares with derivatives', 'other shares'] as const

/** One span of hours of a day, by clocks in India. */
export interface MarketSession {
  readonly phase: SessionPhase
  readonly from: WallClock
  readonly until: WallClock
  /** Everything in the segment when left out. */
  readonly only?: (typeof sharesWith)[number]
}

/** Parts of a usual day: all of it, or MCX's morning or evening; `unknown` where nobody has said the hours. */
export const namedHours = ['usual', 'morning', 'evening', 'unknown'] as const
export type Hours = (typeof namedHours)[number] | readonly MarketSession[]

/** A day that is not what its weekday says. */
export interface ListedDay {
  /** `2026-11-08` */
  readonly date: string
  readonly kind: 'holiday' | 'special'
  /** Of a special session. */
  readonly hours?: Hours
  readonly note?: string
}

/** All that one source says of a segment from one day to another: what is not listed is as its weekday. */
export interface DayList {
  readonly segment: Segment
  readonly firstDay: string
  readonly lastDay: string
  readonly source: string
  readonly days: readonly ListedDay[]
}

/** `unconfirmed`: a weekday of which no list speaks. It is traded, as far as anybody knows. */
export const dayKinds = ['trading', 'holiday', 'special', 'weekend', 'unconfirmed'] as const
export type DayKind = (typeof dayKinds)[number]

/** `holiday` for the whole of a day without a session, `unknown` where there is one and nobody has said when. */
export const marketPhases = [...sessionPhases, 'closed', 'holiday', 'unknown'] as const
export type MarketPhase = (typeof marketPhases)[number]

// ── On the wire ─────────────────────────────────────────────────────────────────────────────────────────

/** What a day is for one segment. */
export interface CalendarDay {
  /** `2026-11-08`, by clocks in India. */
  date: string
  segment: Segment
  kind: DayKind
  /** Empty where nothing is traded; null where there is a session and nobody has said its hours. */
  sessions: SessionHours[] | null
  note: string
  source: string | null
  /** Whose list or word it is; null where only the weekday says so. */
  saidBy: 'bhor' | 'user' | null
}
export interface SessionHours {
  phase: SessionPhase
  from: string
  until: string
  /** `shares with derivatives` or `other shares`; null for the whole segment. */
  only: (typeof sharesWith)[number] | null
}
/** How a segment stands at this moment. */
export interface MarketNow {
  segment: Segment
  /** `open` for as long as anything is traded continuously; `running` says what. */
  phase: MarketPhase
  until: string
  /** The phase that comes then. */
  next: MarketPhase
  running: SessionHours[]
  day: CalendarDay
}
/** A day as a person writes it down; times are `HH:MM` in India. */
export interface WrittenDay<Kind extends string = 'holiday' | 'special'> {
  date: string
  /**
   * Left out: in a list those of the list, of an ordinary day all in which it was none, otherwise `equity` and `fno`.
   */
  segments?: Segment[]
  kind: Kind
  /** Of a special session: `usual`, `unknown`, MCX's `morning` or `evening`, or its sessions. */
  hours?: string | WrittenSession[]
  note?: string
}
export interface WrittenSession {
  phase?: SessionPhase
  from: string
  until: string
}
/** `ordinary`: as its weekday. */
export type SaidDay = WrittenDay<'holiday' | 'special' | 'ordinary'>
export interface CalendarChange {
  days: SaidDay[]
}
/** The days of one year that are not as their weekday, by one source. */
export interface CalendarList {
  year: number
  segments: Segment[]
  source: string
  days: WrittenDay[]
}
export interface CalendarMove {
  to: string
  segments?: Segment[]
}
