import { useEffect } from 'preact/hooks'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { accounts } from '../accounts/accounts.ts'

/** Calls `read` when the component is shown first, and after every change. */
export function useLive(read: () => Promise<void>, _isAbout: (event: FeedEvent) => boolean): void {
  useEffect(() => void read(), [accounts.value])
}
