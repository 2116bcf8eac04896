import type { App } from '../app/open.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { Row } from './table.ts'

/** Proving that the store can be written writes to it, and anybody may ask: one answer serves for a while. */
const readinessHoldsMs = 5_000
const headers = linesOf({ ...securityHeaders, 'content-type': 'application/json' })
const fine: Reply = { status: 200, headers, body: '{"status":"ok"}' }
/** The same for everybody as long as this process lives. */
let description: string | undefined

/** What is open to everybody: whether bhor lives, whether it can work, and what its API is. */
export function checkRows({ clock, store }: App): Row[] {
  let provenAtMs = Number.NEGATIVE_INFINITY
  return [
    { method: 'GET', path: '/healthz', hasHead: true, answer: () => fine },
    {
      method: 'GET',
      path: '/readyz',
      hasHead: true,
      async answer() {
        const nowMs = clock.monotonicMs()
        if (nowMs - provenAtMs >= readinessHoldsMs) {
          await store.check()
          provenAtMs = nowMs
        }
        return fine
      },
    },
    {
      method: 'GET',
      path: '/openapi.json',
      hasHead: true,
      async answer() {
        description ??= JSON.stringify((await import('./openapi.ts')).openApiDocument())
        return { status: 200, headers, body: description }
      },
    },
  ]
}
