import { signal } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { ProblemError } from '../problem.ts'
import { onLeaving } from '../session-state.ts'
import { pause } from '../time/clock.ts'
import { freeName } from './account-name.ts'
import { accounts, putAccount } from './accounts.ts'

/** The sandbox account that was just made and now offers its login. */
export const offered = signal<string | null>(null)
/** The same, until its button had the focus: once. */
let focusFor: string | null = null
onLeaving(() => {
  offered.value = null
  focusFor = null
})

export function offerLogin(account: string): void {
  focusFor = account
  offered.value = account
  void pause(shownWithinMs).then(() => {
    if (focusFor === account) focusFor = null
  })
}

/** Whether the focus goes to the button of this account now, which it never does again. */
export function takeFocusFor({ account, generation }: Pick<AccountView, 'account' | 'generation'>): boolean {
  if (focusFor !== account) return false
  focusFor = null
  return generation === 0
}

const tries = 20
/** A card that is drawn later was not waited for. */
const shownWithinMs = 1_000

/** Makes a sandbox account under the first free name of `demo`, `demo-2`, … and gives that name. */
export async function trySandbox(broker: string): Promise<string> {
  const taken = (accounts.value ?? []).map((account) => account.account)
  for (let count = 0; ; count += 1) {
    const account = freeName('demo', taken)
    try {
      const body = { account, broker, kind: 'sandbox' } as const
      const added = await call('POST /v1/accounts', { body })
      putAccount(added)
      return added.account
    } catch (error) {
      const isTaken = error instanceof ProblemError && error.problem.code === 'already_exists'
      if (!isTaken || count === tries) throw error
      taken.push(account)
    }
  }
}
