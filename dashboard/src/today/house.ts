import { signal } from '@preact/signals'
import type { AlertChannelView } from '../../../src/contracts/alerts.ts'
import type { BackupsView } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

interface House {
  readonly channels: readonly AlertChannelView[]
  readonly backups: BackupsView
}

/** The channels of alerts and the backups; null until the first answer. */
export const house = signal<House | null>(null)
onLeaving(() => {
  house.value = null
})

export function isAboutHouse({ event, data }: FeedEvent): boolean {
  return event === 'house.changed' && (data.change === 'alerts' || data.change === 'backups')
}

export async function loadHouse(): Promise<void> {
  const channels = await call('GET /v1/alerts')
  house.value = { channels, backups: await call('GET /v1/backup') }
}
