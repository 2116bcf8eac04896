import type { AccountView } from '../contracts/api.ts'
import { istDayText } from '../core/ist.ts'
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

/** `Tue 24 Nov 06:00`, in India. */
export function istText(iso: string): string {
  return istDayText(Temporal.Instant.from(iso))
}

/** One account as lines of `name: value`. */
export function accountLines(view: AccountView): string {
  const rows: [string, string | null | undefined][] = [
    ['account', view.account],
    ['label', view.label],
    ['broker', `${view.brokerName} (${view.kind})`],
    ['status', `${view.status.replace('_', ' ')}. ${view.statusText}`],
    ['user', view.userId],
    [
      'session',
      view.session && view.session.expiresInMs > 0
        ? `until ${istText(view.session.expiresAt)} IST (${lifeText(view.session.expiresInMs)} left), generation ${view.generation}`
        : null,
    ],
    ['last login', view.lastLoginAt && `${istText(view.lastLoginAt)} IST`],
    ['last test', view.lastProbe && `${view.lastProbe.verdict} at ${istText(view.lastProbe.at)} IST`],
    ['last fault', view.lastFault && `${view.lastFault.code}: ${view.lastFault.detail}`],
    ['API key', view.apiKey],
    ['API secret', view.hasSecret ? 'stored' : 'missing'],
    ['redirect URL', view.redirectUrl],
    ['postback URL', view.postbackUrl],
  ]
  return rows
    .filter(([, value]) => value)
    .map(([name, value]) => `${`${name}:`.padEnd(14)}${value}`)
    .join('\n')
}
