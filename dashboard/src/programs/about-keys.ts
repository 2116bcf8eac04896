import type { FeedEvent } from '../../../src/contracts/events.ts'

/** What changes the list of keys, or what it says of them. */
export function isAboutKeys({ event, data }: FeedEvent): boolean {
  return event === 'key.used' || (event === 'house.changed' && data.change === 'keys')
}
