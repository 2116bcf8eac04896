import { test } from 'node:test'
import { alertCases } from './alert-cases.ts'
import { auditCases } from './audit-cases.ts'
import { copyCases } from './copy-cases.ts'
import { feedCases } from './feed-cases.ts'
import { keyUseCases } from './key-use-cases.ts'
import { recordCases } from './record-cases.ts'
import type { StoreBed, StoreCase } from './store-case.ts'
import { transactionCases } from './transaction-cases.ts'
import { workCases } from './work-cases.ts'

/** Every sentence of the store's contract. */
export const storeCases: readonly StoreCase[] = [
  ...recordCases,
  ...transactionCases,
  ...auditCases,
  ...feedCases,
  ...workCases,
  ...keyUseCases,
  ...alertCases,
  ...copyCases,
]

/** Runs the whole contract over one engine; `open` gives a new, empty store. */
export function storeSuite(name: string, open: () => Promise<StoreBed>): void {
  for (const one of storeCases) {
    test(`${name}: ${one.name}`, async () => {
      await using bed = await open()
      await one.run(bed.store, bed)
    })
  }
}
