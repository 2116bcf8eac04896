import { writeSync } from 'node:fs'
import { systemClock } from '../../../src/core/clock.ts'
import { openStore } from '../../../src/stores/open.ts'
import { adds } from './samples.ts'

/**
 * The child of the kill tests: says `open`, then appends for ever and says each number once it is durable. Two of
 * three commits go the fast way, one through a transaction.
 */
await using store = await openStore({ url: `sqlite:${process.argv[2]}`, clock: systemClock })
writeSync(1, 'open\n')
for (let round = 0; ; round++) {
  if (round % 3 === 2) await store.transaction((tx) => tx.audit.append(adds(1)))
  else await store.appendAudit({ accountIds: [], keyIds: [] }, adds(1 + (round % 40)))
  writeSync(1, `${(await store.audit.head()).seq}\n`)
}
