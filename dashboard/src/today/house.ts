import { signal } from '@preact/signals'
import type { AlertChannelView } from '../../../src/contracts/alerts.ts'
import type { BackupsView } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import type { MirrorView } from '../../../src/contracts/mirrors.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** What bhor's own parts say; null until the first answer. */
export const channels = signal<readonly AlertChannelView[] | null>(null)
export const backups = signal<BackupsView | null>(null)
export const mirrors = signal<readonly MirrorView[]>([])
onLeaving(() => {
  channels.value = null
  backups.value = null
  mirrors.value = []
})

const parts: ReadonlySet<string> = new Set(['alerts', 'backups', 'mirrors'])

export function isAboutHouse({ event, data }: FeedEvent): boolean {
  return event === 'house.changed' && parts.has(data.change)
}

export async function loadHouse(): Promise<void> {
  // One that cannot be read hides none of the others.
  const reads = [
    call('GET /v1/alerts').then((read) => {
      channels.value = read
    }),
    call('GET /v1/backup').then((read) => {
      backups.value = read
    }),
    call('GET /v1/mirrors').then((read) => {
      mirrors.value = read
    }),
  ]
  for (const read of await Promise.allSettled(reads)) if (read.status === 'rejected') throw read.reason
}
