import type { Alert, AlertFact, AlertKind, Severity } from '../../contracts/alerts.ts'
import type { GateReason } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/audit.ts'
import type { FeedRecord } from '../../contracts/store.ts'
import { type ErrorCode, errorTable, wordsOf } from '../../core/errors.ts'
import { istMoment } from '../../core/ist.ts'
import { printable } from '../../core/redact.ts'
import { eventOf } from '../events/wire.ts'
import { gateCauses } from '../gate/causes.ts'
import { againFor } from '../ground/retries.ts'
import { kinds } from './kinds.ts'

/** What a rule knows beside the event. */
export interface Moment {
  /** Something is traded now. */
  readonly isMarketOpen: boolean
  /** Shares are, or what is derived from them. */
  readonly areSharesTraded: boolean
  /** The accounts that were logged out by their own rule at this moment: that is what somebody wanted. */
  readonly loggedOutByRule?: ReadonlySet<string>
}

/** One event that makes an alert. */
interface Rule {
  readonly on: AuditAction
  /** The kind, or how it follows from the event; undefined for no alert. */
  readonly kind: AlertKind | ((row: FeedRecord, moment: Moment) => AlertKind | undefined)
  /** What it says beyond its title. */
  readonly text?: (row: FeedRecord) => string
  readonly severity?: (row: FeedRecord) => Severity | undefined
  /** What to do about it, where that is not the same for all of its kind. */
  readonly next?: (row: FeedRecord) => string | undefined
  /** What tells two troubles of one kind and account apart. */
  readonly about?: (row: FeedRecord) => string
  /** Every one is told, also a second of the same. */
  readonly everyOne?: true
}

/** One event that puts an end to troubles of its account, or of the house. */
interface End {
  readonly on: AuditAction
  readonly isSo?: (row: FeedRecord) => boolean
  readonly ends: readonly AlertKind[]
  readonly about?: (row: FeedRecord) => string
}

const words = ({ code, detail }: FeedRecord) =>
  Object.hasOwn(errorTable, code) ? wordsOf(code as ErrorCode).alert : said({ detail })
const said = ({ detail }: Pick<FeedRecord, 'detail'>) => String(detail.said ?? '')
const ifOk =
  (kind: AlertKind) =>
  ({ result }: FeedRecord) =>
    result === 'ok' ? kind : undefined
const failedLogin = ({ result, code }: FeedRecord): AlertKind | undefined => {
  if (result !== 'failed') return undefined
  return code === 'wrong_user' ? 'wrong_person' : 'login_failed'
}
const channelOf = ({ detail }: FeedRecord) => String(detail.id ?? '')
const listenedTo = ({ detail }: FeedRecord) => `listen ${String(detail.bot ?? '')}`
const isOk = ({ result }: FeedRecord) => result === 'ok'

/** Somebody did it, and knows: in the evening, when only commodities are traded, most accounts are done. */
export function isMeant(reason: string): boolean {
  return reason === 'logged_out' || reason === 'paused'
}

/** The table: which event makes which alert. Later features add rows. */
export const rules: readonly Rule[] = [
  {
    on: 'session.expire',
    kind: ifOk('session_ended'),
    text: () => 'It ends each day at this hour.',
    everyOne: true,
  },
  {
    on: 'session.logout',
    kind: ifOk('session_ended'),
    text: ({ detail }) =>
      detail.why === undefined
        ? 'Somebody logged out.'
        : `bhor logged out by the account’s rule: ${String(detail.why)}.`,
    everyOne: true,
  },
  {
    on: 'session.revoke',
    kind: ifOk('session_died'),
    text: ({ code }) => wordsOf(code === '' ? 'session_revoked' : (code as ErrorCode)).alert,
  },
  { on: 'session.start', kind: ifOk('session_started'), everyOne: true },
  {
    on: 'session.renew',
    kind: ({ result, code }) => {
      if (result === 'ok') return 'session_started'
      return againFor('renewal', 0, code as ErrorCode) === 'never' ? 'renewal_failed' : undefined
    },
    text: (row) => (isOk(row) ? '' : words(row)),
  },
  {
    on: 'login.need',
    kind: ({ detail }) => (detail.reason === 'renewal_failed' ? 'renewal_failed' : 'login_needed'),
    text: () => 'Programs get no token until someone logs in.',
  },
  { on: 'login.callback', kind: failedLogin, text: words },
  { on: 'login.exchange', kind: failedLogin, text: words },
  { on: 'login.notify', kind: ({ result }) => (result === 'ok' ? undefined : 'login_dropped'), text: words },
  {
    on: 'gate.change',
    kind: ({ account, detail }, { isMarketOpen, areSharesTraded, loggedOutByRule }) => {
      if (detail.state !== 'closed') return undefined
      if (!account) return 'trading_stopped'
      // What ends each day is no news; who is still missing in market hours stands in `facts.ts`.
      if (detail.reason === 'session_expired') return undefined
      const isTold = isMeant(String(detail.reason)) ? areSharesTraded : isMarketOpen
      return isTold && !loggedOutByRule?.has(account.id) ? 'gate_closed' : undefined
    },
    text: ({ detail }) => `The reason: ${String(detail.reason ?? 'unknown').replaceAll('_', ' ')}.`,
    // Who lifts it, and how, is another one for the kill switch, the seal and a damaged row.
    next: ({ account, detail }) =>
      account ? undefined : (gateCauses[detail.reason as GateReason]?.next('') ?? undefined),
  },
  {
    on: 'egress.measure',
    kind: ({ detail }) =>
      detail.standing === 'different' || detail.before !== undefined ? 'egress_changed' : undefined,
    text: ({ detail }) =>
      `It was seen to leave by ${String(detail.addresses || 'no address')}${detail.before === undefined ? '' : `, and by ${String(detail.before)} before`}.`,
    // Where nothing else is registered, nobody is refused by it.
    severity: ({ detail }) => (detail.standing === 'different' ? 'critical' : 'warning'),
    // What refuses orders is told also to whoever was told that something changed.
    about: ({ detail }) => (detail.standing === 'different' ? 'different' : ''),
  },
  {
    on: 'alert.deliver',
    kind: ({ detail }) => (detail.isFailing === true ? 'channel_failing' : undefined),
    text: (row) => `${String(row.detail.channel)}: ${said(row)}`,
    about: channelOf,
  },
  {
    on: 'alert.check',
    kind: ({ detail }) => (detail.isFailing === true ? 'channel_failing' : undefined),
    text: (row) => `${String(row.detail.channel)}: ${said(row)}`,
    about: channelOf,
  },
  {
    // What bhor cannot hear it may still say there, so the same channel is told, too.
    on: 'chat.listen',
    kind: ({ detail }) => (detail.isFailing === true ? 'channel_failing' : undefined),
    text: (row) => `Nobody listens to the bot of ${String(row.detail.channels)}: ${said(row)}`,
    about: listenedTo,
  },
  ...(['mirror.write', 'mirror.check'] as const).map(
    (on): Rule => ({
      on,
      kind: ({ result }) => (result === 'ok' ? undefined : 'mirror_failing'),
      text: (row) => `${String(row.detail.path)}: ${words(row)}`,
      about: ({ detail }) => String(detail.mirror ?? ''),
    }),
  ),
  {
    // What time, the disk or the store itself shows; see `facts.ts`.
    on: 'alert.notice',
    kind: ({ detail }) => (detail.state === 'begun' ? (detail.alert as AlertKind) : undefined),
    text: said,
    about: ({ detail }) => String(detail.about ?? ''),
  },
]

const ofSession: readonly AlertKind[] = [
  'session_ending',
  'session_ended',
  'session_died',
  'login_needed',
  'login_failed',
  'renewal_failed',
  'wrong_person',
]

/** The table: which event puts an end to which troubles. */
export const ends: readonly End[] = [
  { on: 'session.start', isSo: isOk, ends: ofSession },
  { on: 'session.renew', isSo: isOk, ends: ofSession },
  {
    on: 'gate.change',
    isSo: ({ detail }) => detail.state === 'open',
    ends: ['gate_closed', 'trading_stopped'],
  },
  {
    on: 'egress.measure',
    isSo: ({ result, detail }) =>
      result === 'ok' && detail.standing !== 'different' && detail.before === undefined,
    ends: ['egress_changed'],
  },
  {
    on: 'egress.measure',
    isSo: ({ result, detail }) => result === 'ok' && detail.standing !== 'different',
    ends: ['egress_changed'],
    about: () => 'different',
  },
  { on: 'alert.deliver', isSo: isOk, ends: ['channel_failing'], about: channelOf },
  { on: 'alert.check', isSo: isOk, ends: ['channel_failing'], about: channelOf },
  ...(['mirror.write', 'mirror.check', 'mirror.remove'] as const).map(
    (on): End => ({
      on,
      isSo: isOk,
      ends: ['mirror_failing'],
      about: ({ detail }) => String(detail.mirror ?? ''),
    }),
  ),
  { on: 'chat.listen', isSo: isOk, ends: ['channel_failing'], about: listenedTo },
]

const actions: ReadonlySet<AuditAction> = new Set([...rules, ...ends].map(({ on }) => on))

/** Whether an event can make or end an alert: most do neither, and cost nothing. */
export function isOfInterest(action: AuditAction): boolean {
  return actions.has(action) || action === 'account.remove'
}

/** What is to be told of an event. */
export function alertsOf(row: FeedRecord, moment: Moment): readonly Alert[] {
  return rules.flatMap((rule) => {
    if (rule.on !== row.action) return []
    const kind = typeof rule.kind === 'string' ? rule.kind : rule.kind(row, moment)
    if (kind === undefined) return []
    const text = printable(rule.text?.(row) ?? '', 400)
    const about = rule.about?.(row) ?? ''
    const severity = rule.severity?.(row)
    const next = rule.next?.(row)
    const always = rule.everyOne || kind === 'session_started'
    return [
      alertOf(kind, row.account, row.atMs, {
        text,
        ...(severity ? { severity } : {}),
        ...(next === undefined ? {} : { next }),
        ...(always ? { cause: '' } : { about }),
        event: eventFor(row),
      }),
    ]
  })
}

/** Which kinds of trouble an event puts an end to, and what they are about. */
export function endedBy(row: FeedRecord): readonly { readonly kind: AlertKind; readonly about: string }[] {
  if (row.action === 'alert.notice') {
    const { state, alert, about } = row.detail
    return state === 'over' ? [{ kind: alert as AlertKind, about: String(about ?? '') }] : []
  }
  return ends
    .filter(({ on, isSo }) => on === row.action && (isSo?.(row) ?? true))
    .flatMap((end) => end.ends.map((kind) => ({ kind, about: end.about?.(row) ?? '' })))
}

/** An alert of a kind, in its words. `cause` follows from kind and `about` when left out; an empty one is told every time. */
export function alertOf(
  kind: AlertKind,
  account: Alert['account'],
  atMs: number,
  more: Partial<Pick<Alert, 'text' | 'title' | 'next' | 'severity' | 'cause' | 'links' | 'event'>> & {
    readonly about?: string
  } = {},
): Alert {
  const { severity, title, next } = kinds[kind]
  const { about = '', ...rest } = more
  return {
    kind,
    severity,
    account,
    cause: causeOf(kind, about),
    title,
    text: '',
    // What concerns no account names none.
    next: account ? next.replaceAll('{account}', account.alias) : next.replaceAll(' {account}', ''),
    atMs,
    ...rest,
  }
}

export function causeOf(kind: AlertKind, about = ''): string {
  return about === '' ? kind : `${kind} ${about}`
}

/** What is over, in one alert; in words only what was told by itself. */
export function recoveredAlert(
  over: readonly { readonly kind: AlertKind; readonly sinceMs: number }[],
  row: Pick<FeedRecord, 'account' | 'atMs' | 'action' | 'seq'>,
): Alert {
  const named = over.filter(({ kind }) => !over.some((other) => kinds[other.kind].covers?.includes(kind)))
  const text = named.map(
    ({ kind, sinceMs }) => `${kinds[kind].title}, since ${istMoment(sinceMs)}: that is over.`,
  )
  const from = over.map(({ kind }) => kind).join(',')
  return alertOf('recovered', row.account, row.atMs, {
    text: text.join(' '),
    cause: '',
    event: { type: 'recovered', data: { seq: row.seq, from } },
  })
}

/** The event as the feed tells it outside, for programs; an alert of its own where the feed has none. */
function eventFor(row: FeedRecord): NonNullable<Alert['event']> {
  const told = eventOf(row)
  if (!told) return { type: 'alert', data: { seq: row.seq } }
  const {
    account: _account,
    broker: _broker,
    kind: _kind,
    generation: _generation,
    ...data
  } = {
    account: null,
    broker: null,
    kind: null,
    generation: null,
    ...(told.data as unknown as Record<string, AlertFact>),
  }
  return { type: told.event, data }
}
