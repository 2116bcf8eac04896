import { signal } from '@preact/signals'
import type { AccountView, TestResult } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'
import { isLive } from './status.ts'

const results = signal<Readonly<Record<string, TestResult>>>({})
onLeaving(() => {
  results.value = {}
})

/** The last test of each account, until its session is another one, or has ended though it worked. */
export const tests = {
  of(account: Pick<AccountView, 'id' | 'generation' | 'status'>): TestResult | undefined {
    const found = results.value[account.id]
    if (found?.generation !== account.generation) return undefined
    return found.verdict === 'valid' && !isLive(account) ? undefined : found
  },

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
