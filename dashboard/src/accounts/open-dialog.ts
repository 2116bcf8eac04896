import { signal } from '@preact/signals'

type OpenDialog =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'add' }
  | { readonly kind: 'details'; readonly accountId: string }
  | { readonly kind: 'logout'; readonly accountId: string }

/** The one dialog that stands over the accounts; it outlives a reload of the card that opened it. */
export const openDialog = signal<OpenDialog | null>(null)

export function closeDialog(): void {
  openDialog.value = null
}
