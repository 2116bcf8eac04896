import { test } from 'node:test'
import { auditCases } from './audit-cases.suite.ts'
import { recordCases } from './record-cases.suite.ts'
import type { StoreBed, StoreCase } from './store-case.suite.ts'
import { transactionCases } from './transaction-cases.suite.ts'

/** Every sentence of the store's contract. */
export const storeCases: readonly StoreCase[] = [...recordCases, ...transactionCases, ...auditCases]

/** Runs the whole contract over one engine; `open` gives a new, empty store. */
export function storeSuite(name: string, open: () => Promise<StoreBed>): void {
  for (const one of storeCases) {
    test(`${name}: ${one.name}`, async () => {
      await using bed = await open()
      await one.run(bed.store, bed)
    })
  }
}
