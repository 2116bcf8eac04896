import { signal } from '@preact/signals'
import type { BrowserView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** Null until the first answer. */
export const browsers = signal<readonly BrowserView[] | null>(null)
onLeaving(() => {
  browsers.value = null
})

export async function loadBrowsers(): Promise<void> {
  browsers.value = await call('GET /v1/desk/browsers')
}
