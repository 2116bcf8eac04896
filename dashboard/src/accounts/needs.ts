import type { AccountView } from '../../../src/contracts/api.ts'
import { byName } from '../parts/by-name.ts'
import { isLive } from './status.ts'

/** What an account wants of a person, the most urgent first. */
export const needs = ['login', 'look', 'nothing'] as const
export type Need = (typeof needs)[number]

type Facts = Pick<AccountView, 'status' | 'loginHelps' | 'gate' | 'unconfirmed' | 'account'>

/** `login`: only a login helps. `look`: something else keeps it from trading. The market's hours are nobody's trouble. */
export function needOf(account: Facts): Need {
  if (account.unconfirmed !== null) return 'look'
  if (!isLive(account)) return 'login'
  const closing = account.gate.causes.filter(({ closes }) => closes)
  return closing.length > 0 ? 'look' : 'nothing'
}

/** Who needs somebody first, and then by name. */
export function byNeed<A extends Facts>(accounts: readonly A[]): readonly A[] {
  const ranks = new Map(accounts.map((account) => [account, needs.indexOf(needOf(account))]))
  const rank = (account: A) => ranks.get(account) ?? 0
  return [...accounts].sort((a, b) => rank(a) - rank(b) || byName(a.account, b.account))
}

/** Who is asked to log in now: not those who are at it, and not where it would gain nothing. */
export function loginsLeft<A extends Facts>(accounts: readonly A[]): readonly A[] {
  return byNeed(accounts).filter(
    (account) => needOf(account) === 'login' && account.loginHelps && account.status !== 'login_pending',
  )
}
