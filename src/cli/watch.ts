import { foregroundClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { eventsOf, isPassing } from './events.ts'
import { onInterrupt } from './interrupt.ts'
import { LiveText, terminal } from './terminal.ts'
import type { ApiClient } from './wire.ts'

/** What somebody looks at: a text, and what of it does not change by itself with every minute. */
interface Seen {
  readonly text: string
  readonly state: string
}

/**
 * Shows what `look` finds, and again at every event, until somebody has seen enough. On a terminal it stays in its
 * place; anywhere else it is printed again, when more than the time that is left has changed.
 */
export async function watch(desk: ApiClient, look: () => Promise<Seen>): Promise<void> {
  using interrupt = onInterrupt()
  let last = await look()
  using live = terminal.isShown ? new LiveText() : undefined
  if (live) live.draw(last.text)
  else terminal.data(last.text)
  for await (const _event of eventsOf(desk, foregroundClock, interrupt.signal)) {
    try {
      const seen = await look()
      if (live) live.draw(seen.text)
      else if (seen.state !== last.state) terminal.data(seen.text)
      last = seen
    } catch (error) {
      if (!isPassing(error)) throw error
      if (!live) throw new BhorError('server_unreachable', 'The server does not answer any more.')
      live.draw(`${last.text}\n${terminal.dim('The server does not answer; waiting for it.')}`)
    }
  }
}
