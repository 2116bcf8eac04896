import { computed, effect, signal } from '@preact/signals'
import type { Problem } from '../../src/contracts/api.ts'
import { now } from './time/clock.ts'

/** False while bhor does not answer. */
export const isConnected = signal(true)
/** Why nothing is heard though bhor answers; null while all is well. */
export const feedProblem = signal<Problem | null>(null)
/** Whether what is shown follows what happens. */
export const isFollowing = computed(() => isConnected.value && feedProblem.value === null)

let whileConnected = new AbortController()
effect(() => {
  if (isConnected.value) return
  whileConnected.abort()
  whileConnected = new AbortController()
})
/** Aborts when the connection is found to be gone: what hangs now would hang on. */
export function untilLost(): AbortSignal {
  return whileConnected.signal
}

/** How long to wait before asking a bhor that does not answer, or cannot now, again. */
export const retryMs = 2_000

/** When bhor last gave a sign of life. */
let heardAtMs = now.peek()

export function hearBhor(): void {
  heardAtMs = now.peek()
}

/** Of when is what stands here, in milliseconds; null while it follows what happens. */
export const shownOfMs = signal<number | null>(null)
effect(() => {
  shownOfMs.value = isFollowing.value ? null : heardAtMs
})
