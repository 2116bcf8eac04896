import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../../src/core/clock.ts'
import { toBhorError } from '../../../src/core/errors.ts'
import { openStore } from '../../../src/stores/open.ts'
import { adds } from './samples.ts'

/**
 * The child of the fault tests: writes and reads in several lanes whatever happens to the database, and says what
 * was acknowledged (`ok <seq>`) and what failed (`failed <code> <after how many ms>`).
 */
await using store = await openStore({ url: process.argv[2] ?? '', clock: systemClock })
writeSync(1, 'open\n')

async function lane(work: () => Promise<number | undefined>): Promise<never> {
  for (;;) {
    const startedMs = performance.now()
    try {
      const seq = await work()
      if (seq !== undefined) writeSync(1, `ok ${seq}\n`)
    } catch (error) {
      const cause = toBhorError(error)
      const why = cause.code === 'internal' ? ` ${String(cause.cause ?? cause.message)}` : ''
      writeSync(1, `failed ${cause.code} ${Math.round(performance.now() - startedMs)}${why}\n`)
      await wait(5)
    }
  }
}

/** Remembers the number that the last attempt would have got. */
function counted(): { append: ReturnType<typeof adds>; last: () => number } {
  let seq = 0
  return {
    append(head) {
      const made = adds(1)(head)
      seq = made.head.seq
      return made
    },
    last: () => seq,
  }
}
const append = async () => {
  const { append, last } = counted()
  await store.appendAudit({ accountIds: [], keyIds: [] }, append)
  return last()
}
const change = async () => {
  const { append, last } = counted()
  await store.transaction(async (tx) => {
    await tx.meta.set('name', 'value')
    // Idle in a transaction, where nobody listens to the connection.
    await wait(3)
    await tx.audit.append(append)
  })
  return last()
}
const read = async () => {
  await store.accounts.list()
  await wait(1)
  return undefined
}
await Promise.all([lane(append), lane(append), lane(change), lane(read)])
