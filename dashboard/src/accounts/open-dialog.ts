import { signal } from '@preact/signals'
import { onLeaving } from '../session-state.ts'

type OpenDialog =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'add' }
  | { readonly kind: 'logout' | 'questions'; readonly accountId: string }

/** The one dialog that stands over the accounts; it outlives a reload of the card that opened it. */
export const openDialog = signal<OpenDialog | null>(null)

onLeaving(closeDialog)

export function closeDialog(): void {
  openDialog.value = null
}

/** Closes it only if it is this one. */
export function closeDialogOf(kind: 'questions', accountId: string): void {
  const open = openDialog.value
  if (open?.kind === kind && open.accountId === accountId) closeDialog()
}
