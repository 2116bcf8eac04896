import type { FeedEvent } from '../../../src/contracts/events.ts'

type HouseChange = 'alerts' | 'calendar' | 'backups' | 'browsers' | 'seal' | 'vault' | 'settings' | 'trouble'

/** Whether an event tells of one of these. */
export function tellsOf(...changes: readonly HouseChange[]): (event: FeedEvent) => boolean {
  return ({ event, data }) =>
    (event as string) === 'house.changed' &&
    changes.includes((data as unknown as { change: HouseChange }).change)
}
