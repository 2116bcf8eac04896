import { call } from './api.ts'
import { isConnected } from './connection.ts'
import { standing } from './session-state.ts'
import { pause } from './time/clock.ts'

/** How long to wait before asking a bhor that does not answer again. */
const retryMs = 2_000

/** Waits for changes as long as the page is signed in, and calls `reload` after each and after every outage. */
export async function followChanges(reload: () => Promise<void>): Promise<void> {
  let version = 0
  let isFresh = false
  while (standing.value === 'in') {
    try {
      if (!isFresh) await reload()
      isFresh = true
      const answer = await call('GET /v1/changes', { query: { after: String(version) } })
      // Unequal, not greater: a restarted bhor counts from the beginning.
      if (answer.version !== version) isFresh = false
      version = answer.version
    } catch {
      isFresh = false
      if (!isConnected.value) version = 0
      await pause(retryMs)
    }
  }
}
