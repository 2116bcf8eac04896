import type { ActivityEntry, ActivityWish } from '../contracts/activity.ts'
import { foregroundClock } from '../core/clock.ts'
import { call } from './call.ts'
import { eventsOf, isPassing } from './events.ts'
import { onInterrupt } from './interrupt.ts'
import { terminal } from './terminal.ts'
import type { ApiClient } from './wire.ts'

/** The most that one answer holds. */
const pageSize = '500'

/**
 * Shows the latest of the record, the oldest of it first, and then what comes, until somebody has seen enough. It goes on
 * over a restart of the server.
 */
export async function followActivity(
  desk: ApiClient,
  wish: ActivityWish & { readonly limit: string },
  show: (entry: ActivityEntry) => void,
): Promise<void> {
  using interrupt = onInterrupt()
  const first = await call(desk, 'GET /v1/activity', { query: { ...wish } })
  for (const entry of first.entries.toReversed()) show(entry)
  let after = first.upTo
  let isAway = false
  for await (const _event of eventsOf(desk, foregroundClock, interrupt.signal)) {
    try {
      const { entries, upTo } = await past(desk, wish, after)
      for (const entry of entries.toReversed()) show(entry)
      after = upTo
      isAway = false
    } catch (error) {
      if (!isPassing(error)) throw error
      if (!isAway) terminal.say('The server does not answer; waiting for it.')
      isAway = true
    }
  }
}

/** All that came after a record, the newest first. */
async function past(desk: ApiClient, wish: ActivityWish, after: number) {
  const query = { ...wish, limit: pageSize, after: String(after) }
  const { entries, next, upTo } = await call(desk, 'GET /v1/activity', { query })
  const all = [...entries]
  for (let before = next; before !== null; ) {
    const more = { ...query, before: String(before), up_to: String(upTo) }
    const page = await call(desk, 'GET /v1/activity', { query: more })
    all.push(...page.entries)
    before = page.next
  }
  return { entries: all, upTo }
}
