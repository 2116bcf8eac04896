import { signal } from '@preact/signals'

const shelf = 'bhor-first-program'

/** A program has got a session once, or whoever is here gives it to them in another way: it is not offered again. */
export const isOfferOver = signal(localStorage.getItem(shelf) !== null)

/** For the next time; what stands on the screen stays there. */
export function rememberOffer(): void {
  localStorage.setItem(shelf, 'over')
}
