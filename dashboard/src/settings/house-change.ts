import type { FeedEvent, HouseChange } from '../../../src/contracts/events.ts'

/** Whether an event tells of one of these. */
export function tellsOf(...changes: readonly HouseChange[]): (event: FeedEvent) => boolean {
  return ({ event, data }) => event === 'house.changed' && changes.includes(data.change)
}
