import {
  type AccountView,
  type EgressFacts,
  type GateView,
  type ShownStatus,
  shownStatus,
} from '../contracts/api.ts'
import { istDayText } from '../core/ist.ts'
import { terminal } from './terminal.ts'

const marks = {
  active: '●',
  expiring: '◐',
  login_pending: '…',
  unconfirmed: '?',
  expired: '○',
  revoked: '✕',
  logged_out: '–',
  none: '○',
} as const satisfies Record<ShownStatus, string>

/** A status as a word: `login pending`. */
export function statusWord(view: Pick<AccountView, 'status' | 'session'>): string {
  return shownStatus(view).replace('_', ' ')
}

/** A status for people: a mark, a word, and colour where there is some. */
export function statusMark(view: Pick<AccountView, 'status' | 'session'>): string {
  const status = shownStatus(view)
  const text = `${marks[status]} ${statusWord(view)}`
  if (status === 'active') return terminal.green(text)
  if (['expiring', 'login_pending', 'unconfirmed', 'expired'].includes(status)) return terminal.yellow(text)
  return status === 'revoked' ? terminal.red(text) : terminal.dim(text)
}

/** A gate in a table. */
export function gateMark({ state, reason }: GateView): string {
  return state === 'open' ? terminal.green('open') : terminal.red(`closed: ${reason?.replaceAll('_', ' ')}`)
}

/** A gate in one line: how it stands, why, and what opens it. */
export function gateLine({ state, text, next }: GateView): string {
  const word = state === 'open' ? terminal.green('gate open.') : terminal.red('gate closed.')
  return [word, text, ...(next === null ? [] : [next])].join(' ')
}

/** `14 h 12 min` */
export function lifeText(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'less than a minute'
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `Tue 24 Nov 06:00`, in India. */
export function istText(iso: string): string {
  return istDayText(Temporal.Instant.from(iso))
}

/** One account as lines of `name: value`; its fields by the names that `--field` takes. */
export function accountLines(view: AccountView): string {
  const { session, lastProbe, lastFault, settings, egress } = view
  const isSaid = view.statusText.toLowerCase().startsWith(statusWord(view))
  const rows: [string, string | null | undefined][] = [
    ['account', view.account],
    ['label', view.label],
    ['broker', `${view.brokerName} (${view.kind}${settings.renewable ? ', renewable' : ''})`],
    ['status', isSaid ? view.statusText : `${statusWord(view)}. ${view.statusText}`],
    ['gate', `${view.gate.state}. ${view.gate.text}`],
    ['user', view.userId],
    [
      'session',
      session && session.expiresInMs > 0
        ? `until ${istText(session.expiresAt)} IST (${lifeText(session.expiresInMs)} left), generation ${view.generation}`
        : null,
    ],
    ['last login', view.lastLoginAt && `${istText(view.lastLoginAt)} IST`],
    ['last test', lastProbe && `${lastProbe.verdict} at ${istText(lastProbe.at)} IST`],
    ['last fault', lastFault && `${lastFault.code}: ${lastFault.detail}`],
    ...named(view.app, 'app', view.fields),
    ...named(view.fields, 'fields', view.app),
    ['secrets', view.secrets.length > 0 ? `${view.secrets.join(', ')} (stored, never shown)` : 'none'],
    ['group', settings.group],
    ...egressRows(egress),
    ['logs out', settings.hygiene && hygieneText(settings.hygiene)],
    ['redirect URL', view.redirectUrl],
    ['note', view.redirectNote],
    ['postback URL', view.postbackUrl],
  ]
  const told = rows.filter(([, value]) => value)
  const width = Math.max(...told.map(([name]) => name.length)) + 3
  return told.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`).join('\n')
}

/** By which way an account leaves, and how the world sees it. */
export function egressRows({ way, registered, standing, measured }: EgressFacts): [string, string | null][] {
  const addresses = measured?.addresses.join(', ')
  const before = measured?.code && addresses ? `, ${addresses} before that` : ''
  return [
    ['leaves by', way === 'direct' ? null : way],
    ['registered', registered.length > 0 ? `${registered.join(', ')} (${standing})` : null],
    ['seen as', measured && `${measured.code ?? addresses} at ${istText(measured.at)} IST${before}`],
  ]
}

function hygieneText({
  logoutAt,
  logoutUnusedAfter,
}: NonNullable<AccountView['settings']['hygiene']>): string {
  return [
    ...(logoutAt === undefined ? [] : [`each day at ${logoutAt} IST`]),
    ...(logoutUnusedAfter === undefined ? [] : [`${logoutUnusedAfter} after the last hand-out`]),
  ].join(', ')
}

function named(
  values: Readonly<Record<string, string>>,
  place: string,
  others: Readonly<Record<string, string>>,
): [string, string][] {
  return Object.entries(values).map(([name, value]) => [name in others ? `${place}.${name}` : name, value])
}
