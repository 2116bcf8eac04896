import type { AccountView, ShownStatus } from '../../../src/contracts/api.ts'
import type { Look } from '../parts/badge.tsx'
import { greeting } from '../time/ist.ts'

/** How each status looks: a colour, a shape and a word, any one of which is enough. */
export const statusLook = {
  none: { tone: 'grey', shape: 'ring', word: 'No session yet' },
  login_pending: { tone: 'amber', shape: 'dots', word: 'Logging in' },
  unconfirmed: { tone: 'amber', shape: 'question', word: 'To be confirmed' },
  active: { tone: 'green', shape: 'tick', word: 'Active' },
  expiring: { tone: 'amber', shape: 'triangle', word: 'Ends soon' },
  expired: { tone: 'amber', shape: 'moon', word: 'Expired' },
  revoked: { tone: 'red', shape: 'cross', word: 'Ended by the broker' },
  logged_out: { tone: 'grey', shape: 'dash', word: 'Logged out' },
} as const satisfies Record<ShownStatus, Look>

/** True while programs can use the session. */
export function isLive(account: Pick<AccountView, 'status'>): boolean {
  return account.status === 'active' || account.status === 'expiring'
}

/** The day in one line: a greeting, and how many accounts are ready. */
export function headline(accounts: readonly Pick<AccountView, 'status'>[], nowMs: number): string {
  const live = accounts.filter(isLive).length
  const waiting = accounts.length - live
  return `${greeting(nowMs)}. ${summary(accounts.length, live, waiting)}`
}

function summary(all: number, live: number, waiting: number): string {
  if (all === 0) return 'Let us begin.'
  if (waiting === 0) return all === 1 ? 'Your session is live.' : `All ${all} sessions are live.`
  if (live === 0)
    return all === 1 ? 'One login, and the day can start.' : `${all} accounts wait for their login.`
  return `${live} of ${all} sessions are live.`
}
