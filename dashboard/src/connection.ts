import { effect, signal } from '@preact/signals'
import { now } from './time/clock.ts'

/** False while bhor does not answer. */
export const isConnected = signal(true)

/** How long to wait before asking a bhor that does not answer, or cannot now, again. */
export const retryMs = 2_000

/** Of when is what stands here, in milliseconds; null while bhor answers. */
export const shownOfMs = signal<number | null>(null)
effect(() => {
  shownOfMs.value = isConnected.value ? null : now.peek()
})
