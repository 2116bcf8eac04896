import { blocksOf } from '../client/event-blocks.ts'
import type { FeedEvent } from '../contracts/events.ts'
import type { Clock } from '../core/clock.ts'
import { isBhorError } from '../core/errors.ts'
import { type ApiClient, isNobodyThere } from './wire.ts'

const firstPauseMs = 250
const longestPauseMs = 5_000

/**
 * The events of a server from now on, over as many connections as it takes, each of which goes on where the one
 * before was cut. `undefined` comes after every pause and with every sign of life: whatever can change without an
 * event is worth a look.
 *
 * @throws BhorError what does not pass by itself: a revoked key, a missing right
 */
export async function* eventsOf(
  client: ApiClient,
  clock: Clock,
  signal: AbortSignal,
  path = '/v1/events',
): AsyncGenerator<FeedEvent | undefined, void> {
  let lastId: string | undefined
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
    try {
      for await (const { id, event } of blocksOf(client.stream(path, { headers, signal }))) {
        pauseMs = firstPauseMs
        if (id !== undefined) lastId = id
        yield event
      }
    } catch (error) {
      if (!isPassing(error)) throw error
    }
    await clock.sleep(pauseMs, signal).catch(() => undefined)
    if (!signal.aborted) yield undefined
  }
}

/** A server that is being started again, or has too much to do. */
export function isPassing(error: unknown): boolean {
  return isNobodyThere(error) || (isBhorError(error) && error.retryable)
}
