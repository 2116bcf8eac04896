import { signal } from '@preact/signals'
import type { AccountView, TestResult } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

const results = signal<Readonly<Record<string, TestResult>>>({})
onLeaving(() => {
  results.value = {}
})

/** The last test of each account, until something makes it old. */
export const tests = {
  of: (accountId: string): TestResult | undefined => results.value[accountId],

  /** Asks the broker whether the session works. */
  async run(account: AccountView): Promise<void> {
    const result = await call('POST /v1/accounts/{account}/test', { params: { account: account.account } })
    results.value = { ...results.value, [account.id]: result }
  },

  forget(accountId: string): void {
    const { [accountId]: _, ...others } = results.value
    results.value = others
  },
}
