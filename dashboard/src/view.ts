import { signal } from '@preact/signals'

export const views = ['today', 'accounts', 'programs', 'audit'] as const
export type View = (typeof views)[number]

export const view = signal<View>(read())

function read(): View {
  const named = location.hash.slice(1)
  return views.find((known) => known === named) ?? 'today'
}

export function followAddress(): void {
  addEventListener('hashchange', readAddress)
}

/** Where the address was changed without an event. */
export function readAddress(): void {
  view.value = read()
}
