import { accounts } from '../accounts/accounts.ts'
import { isLive } from '../accounts/status.ts'

/** Keeps the place of the way to the first program while nobody knows yet what it says. */
export function OfferPlace() {
  const isOffered = (accounts.value ?? []).some(isLive)
  return isOffered ? <div class="card first-program" data-empty /> : null
}
