import assert from 'node:assert/strict'
import type { Store } from '../../../src/contracts/store.ts'

/** One store under test. */
export interface StoreBed extends AsyncDisposable {
  readonly store: Store
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Store>
}

/** One sentence of the contract, on an empty store. */
export interface StoreCase {
  readonly name: string
  run(store: Store, bed: StoreBed): Promise<void>
}

/** Asserts that `work` fails with this code. */
export async function rejectsWith(code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: { code?: unknown }) => {
    assert.equal(error.code, code)
    return true
  })
}
