import type { AccountRecord, StoreReads } from '../../contracts/store.ts'
import { type Change, change } from './change.ts'
import type { SessionContext } from './context.ts'

/* What the compiler refuses: a write that nobody tells of. */

declare const context: SessionContext
declare const account: AccountRecord
declare const c: Change

export const cases = [
  () =>
    change(context, async ({ tell }) => {
      const tx = tell({ actor: { kind: 'keeper', id: '' }, action: 'account.edit', result: 'ok', account })
      await tx.accounts.update(account, 1)
    }),
  () =>
    change(context, async ({ reads }) => {
      // @ts-expect-error reading is free, writing takes a word about what happens
      await reads.accounts.update(account, 1)
    }),
  // @ts-expect-error the outside of a change only reads
  () => context.store.accounts.update(account, 1),
  // @ts-expect-error what happens needs an action of the closed list
  () => c.tell({ actor: { kind: 'keeper', id: '' }, action: 'account.forgotten', result: 'ok' }),
  // @ts-expect-error the feed is written by `change` alone
  () => c.tell({ actor: { kind: 'keeper', id: '' }, action: 'account.edit', result: 'ok' }).feed.insert([]),
  (reads: StoreReads) => reads.accounts.byAlias('demo'),
]
