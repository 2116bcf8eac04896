import { type AccountView, isLive, type ShownStatus } from '../../../src/contracts/api.ts'
import type { Look } from '../parts/badge.tsx'
import { greeting } from '../time/ist.ts'
import { words } from '../words/words.ts'

export { isLive }

/** How each status looks: a colour, a shape and a word, any one of which is enough. */
export const statusLook = {
  none: { tone: 'grey', shape: 'ring', word: words.accounts.statuses.none },
  login_pending: { tone: 'amber', shape: 'dots', word: words.accounts.statuses.login_pending },
  unconfirmed: { tone: 'amber', shape: 'question', word: words.accounts.statuses.unconfirmed },
  active: { tone: 'green', shape: 'tick', word: words.accounts.statuses.active },
  expiring: { tone: 'amber', shape: 'triangle', word: words.accounts.statuses.expiring },
  expired: { tone: 'amber', shape: 'moon', word: words.accounts.statuses.expired },
  revoked: { tone: 'red', shape: 'cross', word: words.accounts.statuses.revoked },
  logged_out: { tone: 'grey', shape: 'dash', word: words.accounts.statuses.logged_out },
} as const satisfies Record<ShownStatus, Look>

/** The day in one line: a greeting, and how many accounts are ready. */
export function headline(accounts: readonly Pick<AccountView, 'status'>[], nowMs: number): string {
  const live = accounts.filter(isLive).length
  const waiting = accounts.length - live
  return `${greeting(nowMs)}. ${summary(accounts.length, live, waiting)}`
}

function summary(all: number, live: number, waiting: number): string {
  const said = words.today.summary
  if (all === 0) return said.none
  if (waiting === 0) return all === 1 ? said.one : said.all(all)
  if (live === 0) return all === 1 ? said.oneWaits : said.allWait(all)
  return said.some(live, all)
}
