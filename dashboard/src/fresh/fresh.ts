import { signal } from '@preact/signals'
import { onLeaving } from '../session-state.ts'

interface Asking {
  /** What `confirmation_needed` names. */
  readonly act: string
  readonly confirmed: Promise<boolean>
  readonly settle: (isConfirmed: boolean) => void
}

/** What somebody is being asked to confirm. */
export const asking = signal<Asking | null>(null)
onLeaving(() => asking.value?.settle(false))

/** Asks to confirm what is dangerous; false when it is called off. */
export function confirmFresh(act: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  if (asking.value !== null) return asking.value.confirmed
  const settle = (isConfirmed: boolean) => {
    asking.value = null
    resolve(isConfirmed)
  }
  asking.value = { act, confirmed: promise, settle }
  return promise
}
