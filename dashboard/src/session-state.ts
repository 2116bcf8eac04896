import { signal } from '@preact/signals'
import type { Problem } from '../../src/contracts/api.ts'

const shelf = 'bhor-session'

/** Where this page stands: not known yet, without a session, or in. */
export const standing = signal<'unknown' | 'out' | 'in'>('unknown')
/** Why the last try to sign in failed, or why a session ended. */
export const signInProblem = signal<Problem | null>(null)

/** The second half of the session: the cookie alone opens nothing. Lives as long as this tab. */
export function readCsrf(): string | null {
  return sessionStorage.getItem(shelf)
}

export function keepCsrf(csrf: string): void {
  sessionStorage.setItem(shelf, csrf)
}

export function leave(problem: Problem | null): void {
  sessionStorage.removeItem(shelf)
  signInProblem.value = problem
  standing.value = 'out'
}
