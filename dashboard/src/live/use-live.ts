import { useEffect } from 'preact/hooks'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { accounts } from '../accounts/accounts.ts'

/** Calls `read` when the component is shown first, and when the session of an account is another one or is over. */
export function useLive(read: () => Promise<void>, _isAbout: (event: FeedEvent) => boolean): void {
  const sessions = (accounts.value ?? []).map(({ id, status, generation }) => `${id} ${generation} ${status}`)
  useEffect(() => {
    void read()
  }, [sessions.join()])
}
