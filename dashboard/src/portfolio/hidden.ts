import { signal } from '@preact/signals'

const shelf = 'bhor-amounts'

/** Whether amounts are covered. The choice stays in this browser, no amount does. */
export const areHidden = signal(remembered())

export function hideAmounts(hide: boolean): void {
  areHidden.value = hide
  try {
    if (hide) localStorage.setItem(shelf, 'hidden')
    else localStorage.removeItem(shelf)
  } catch {
    // A browser that keeps nothing: the choice lives as long as the page.
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(shelf) === 'hidden'
  } catch {
    return false
  }
}
