import { signal } from '@preact/signals'

/** What a screen reader says next; shown in the one polite live region. */
export const announcement = signal('')

export function announce(text: string): void {
  announcement.value = text
}
