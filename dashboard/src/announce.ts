import { signal } from '@preact/signals'
import { onLeaving } from './session-state.ts'

const shownMs = 5_000
const mostShown = 3

export interface Toast {
  readonly id: number
  readonly text: string
}

/** What a screen reader says next; shown in the one polite live region. */
export const announcement = signal('')
/** What is to be seen for a moment, the newest last. */
export const toasts = signal<readonly Toast[]>([])
onLeaving(() => {
  announcement.value = ''
  toasts.value = []
})

let lastId = 0

/** For what the page shows by itself: said aloud only. */
export function announce(text: string): void {
  // The same words a second time would change nothing, and nothing would be said.
  announcement.value = announcement.peek() === text ? `${text}\u00a0` : text
}

/** For what was done and can be seen nowhere else: said aloud, and shown for a moment. */
export function toast(text: string): void {
  announce(text)
  const id = ++lastId
  toasts.value = [...toasts.value, { id, text }].slice(-mostShown)
  setTimeout(() => dismissToast(id), shownMs)
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id)
}
