import { signal } from '@preact/signals'
import { call } from '../api.ts'
import { ProblemError } from '../problem.ts'
import { freeName } from './account-name.ts'
import { accounts, putAccount } from './accounts.ts'

/** The sandbox account that was just made and now offers its login. */
export const offered = signal<string | null>(null)

const tries = 20

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
