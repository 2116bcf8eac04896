import { signal } from '@preact/signals'

export const views = ['accounts', 'programs', 'audit'] as const
export type View = (typeof views)[number]

export const view = signal<View>(read())

function read(): View {
  const named = location.hash.slice(1)
  return views.find((known) => known === named) ?? 'accounts'
}

export function followAddress(): void {
  addEventListener('hashchange', () => {
    view.value = read()
  })
}
