import { signal } from '@preact/signals'

const shelf = 'bhor-sign-out'

/** The sign-in that was to end while bhor did not answer; null where none was. At this address alone, for all of its tabs. */
export const signOutOwed = signal(localStorage.getItem(shelf))

/** As another tab may have left it meanwhile. */
export function readSignOutOwed(): string | null {
  signOutOwed.value = localStorage.getItem(shelf)
  return signOutOwed.value
}

export function keepSignOutOwed(browser: string | null): void {
  if (browser === null) localStorage.removeItem(shelf)
  else localStorage.setItem(shelf, browser)
  signOutOwed.value = browser
}
