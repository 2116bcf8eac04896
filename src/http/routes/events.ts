import type { Principal } from '../../session/ground/rights.ts'
import type { HttpRequest } from '../request.ts'
import { cookiePrefix } from '../sign-ins.ts'
import type { Routes } from './route.ts'
import { wholeNumber } from './whole-number.ts'

export const eventRoutes = {
  'GET /v1/events': {
    right: 'status',
    summary: 'What happens, as server-sent events, from any number on that was told in the last week.',
    query: {
      after: 'Begin behind this number; 0 for all that is kept. The header Last-Event-ID goes before it.',
      run: 'The run whose key this connection holds.',
    },
    stream: 'FeedEvent',
    contentType: 'text/event-stream; charset=utf-8',
    isWaiting: true,
    run({ app, streams, signIns, addresses, principal, query, request }) {
      const after = positionOf(query.after, request)
      // A key's end is the domain's matter, a sign-in's is ours.
      const origin = addresses.originOf(request.header('host') ?? '') ?? ''
      const stillMay = async () => {
        if (principal.actor.kind !== 'desk') return
        await signIns.check(
          request.cookies(cookiePrefix),
          request.header('x-bhor-session') ?? '',
          origin,
          false,
        )
      }
      const { run } = query
      const follow = async (signal: AbortSignal) => {
        if (run !== undefined) await app.desk.runs.hold(principal, run, signal)
        return app.desk.events.follow(principal, after, signal)
      }
      // Each run has its own budget of streams: all of a user's come by one socket.
      const caller: Principal =
        run === undefined ? principal : { ...principal, actor: { kind: 'key', id: run } }
      return streams.open(caller, follow, stillMay)
    },
  },
} satisfies Partial<Routes>

/** A browser that connects again repeats the address, and says in the header how far it has come. */
function positionOf(after: string | undefined, request: HttpRequest): number | undefined {
  const last = request.header('last-event-id')
  if (last) return wholeNumber('Last-Event-ID', last, 0, Number.MAX_SAFE_INTEGER)
  return after === undefined ? undefined : wholeNumber('after', after, 0, Number.MAX_SAFE_INTEGER)
}
