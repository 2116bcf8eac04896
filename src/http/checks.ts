import type { App } from '../app/open.ts'
import { SingleFlight } from '../core/single-flight.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { Row } from './table.ts'

/** Proving that the store can be written writes to it, and anybody may ask: one answer serves for a while. */
const readinessHoldsMs = 5_000
const headers = linesOf({ ...securityHeaders, 'content-type': 'application/json' })
const fine: Reply = { status: 200, headers, body: '{"status":"ok"}' }
/** The same for everybody as long as this process lives, and made once, however many ask at first. */
let description: Promise<Reply> | undefined

/** What is open to everybody: whether bhor lives, whether it can work, and what its API is. */
export function checkRows({ clock, store }: App): Row[] {
  const checks = new SingleFlight<void>()
  let provenAtMs = Number.NEGATIVE_INFINITY
  return [
    { method: 'GET', path: '/healthz', hasHead: true, answer: () => fine },
    {
      method: 'GET',
      path: '/readyz',
      hasHead: true,
      async answer() {
        const rollback = store.rollback()
        if (rollback) throw rollback
        if (clock.monotonicMs() - provenAtMs >= readinessHoldsMs) {
          await checks.run('store', async () => {
            await store.check()
            provenAtMs = clock.monotonicMs()
          })
        }
        return fine
      },
    },
    {
      method: 'GET',
      path: '/openapi.json',
      hasHead: true,
      answer() {
        description ??= describe()
        return description
      },
    },
  ]
}

async function describe(): Promise<Reply> {
  const { openApiDocument } = await import('./openapi.ts')
  return { status: 200, headers, body: Buffer.from(JSON.stringify(openApiDocument())) }
}
