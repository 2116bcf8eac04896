import { effect } from '@preact/signals'
import type { Version } from '../../src/contracts/api.ts'
import { call } from './api.ts'
import { isConnected, retryMs, trouble } from './connection.ts'
import { oneForAll } from './one-for-all.ts'
import { signInId, standing } from './session-state.ts'
import { pause } from './time/clock.ts'

/** Where the changes stand; null while bhor does not answer. */
interface News {
  readonly version: number | null
  readonly trouble: Version['trouble']
}

/** As long as the page is signed in: calls `reload` at once, after each change, and after every outage. */
export async function followChanges(reload: () => Promise<void>): Promise<void> {
  let latest = 0
  let shown: number | null = null
  let wake = () => {}
  const leaving = new AbortController()
  leaving.signal.addEventListener('abort', () => wake())
  const unwatch = effect(() => {
    if (standing.value !== 'in') leaving.abort()
  })
  const following = oneForAll<News>({
    name: `changes ${signInId()}`,
    signal: leaving.signal,
    async lead(tell) {
      while (!leaving.signal.aborted)
        try {
          tell(await call('GET /v1/changes', { query: { after: String(latest) } }))
        } catch {
          if (!isConnected.value) tell({ version: null, trouble: null })
          await pause(retryMs)
        }
    },
    hear({ version, trouble: told }) {
      isConnected.value = version !== null
      trouble.value = told
      if (version === null) shown = null
      latest = version ?? 0
      wake()
    },
  })
  while (!leaving.signal.aborted) {
    const wanted = latest
    try {
      // Unequal, not greater: a restarted bhor counts from the beginning. While nobody answers each tab tries for itself: the
      // one that asks for all may be in the background, where browsers slow the clock down.
      if (shown !== wanted || !isConnected.value) await reload()
      shown = wanted
    } catch {
      await pause(retryMs)
      continue
    }
    if (latest === wanted && !leaving.signal.aborted)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
  await following
  unwatch()
}
