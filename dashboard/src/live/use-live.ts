import { useEffect } from 'preact/hooks'
import type { FeedEvent } from '../../../src/contracts/events.ts'

/** Calls `read` when the component is shown. */
export function useLive(read: () => Promise<void>, _isAbout: (event: FeedEvent) => boolean): void {
  useEffect(() => void read(), [])
}
