import type { FeedEvent } from '../../../src/contracts/events.ts'

/** What changes the list of keys, or what it says of them. */
export function isAboutKeys(_event: FeedEvent): boolean {
  return true
}
