import type { AccountView } from '../contracts/api.ts'
import { terminal } from './terminal.ts'

const marks = {
  active: '●',
  expiring: '◐',
  login_pending: '…',
  expired: '○',
  revoked: '✕',
  none: '○',
} as const

/** A status for people: a mark, a word, and colour where there is some. */
export function statusMark(status: AccountView['status']): string {
  const text = `${marks[status]} ${status.replace('_', ' ')}`
  if (status === 'active') return terminal.green(text)
  if (status === 'expiring' || status === 'login_pending' || status === 'expired')
    return terminal.yellow(text)
  return status === 'revoked' ? terminal.red(text) : terminal.dim(text)
}

/** `14 h 12 min` */
export function lifeText(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'less than a minute'
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `Tue 06:00`, in India. */
export function istText(iso: string): string {
  const local = Temporal.Instant.from(iso).toZonedDateTimeISO('Asia/Kolkata')
  return `${local.toLocaleString('en-IN', { weekday: 'short' })} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`
}

/** One account as lines of `name: value`; its fields by the names that `--field` takes. */
export function accountLines(view: AccountView): string {
  const { session, lastProbe, lastFault, settings } = view
  const rows: [string, string | null | undefined][] = [
    ['account', view.account],
    ['label', view.label],
    ['broker', `${view.brokerName} (${view.kind})`],
    ['status', `${view.status.replace('_', ' ')}. ${view.statusText}`],
    ['user', view.userId],
    [
      'session',
      session && session.expiresInMs > 0
        ? `until ${istText(session.expiresAt)} IST (${lifeText(session.expiresInMs)} left), generation ${view.generation}`
        : null,
    ],
    ['last login', view.lastLoginAt],
    ['last test', lastProbe && `${lastProbe.verdict} at ${lastProbe.at}`],
    ['last fault', lastFault && `${lastFault.code}: ${lastFault.detail}`],
    ...named(view.app, 'app', view.fields),
    ...named(view.fields, 'fields', view.app),
    ['secrets', view.secrets.length > 0 ? `${view.secrets.join(', ')} (stored, never shown)` : 'none'],
    ['group', settings.group],
    ['leaves from', settings.egress?.from],
    ['redirect URL', view.redirectUrl],
    ['postback URL', view.postbackUrl],
  ]
  const told = rows.filter(([, value]) => value)
  const width = Math.max(...told.map(([name]) => name.length)) + 3
  return told.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`).join('\n')
}

function named(
  values: Readonly<Record<string, string>>,
  place: string,
  others: Readonly<Record<string, string>>,
): [string, string][] {
  return Object.entries(values).map(([name, value]) => [name in others ? `${place}.${name}` : name, value])
}
