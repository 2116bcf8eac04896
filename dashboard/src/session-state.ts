import { signal } from '@preact/signals'
import type { Problem, SignedIn } from '../../src/contracts/api.ts'

const shelf = 'bhor-session'
const idShelf = 'bhor-sign-in'

/** Where this page stands: not known yet, without a session, in, or under the hand of a stranger, which it never leaves. */
export const standing = signal<'unknown' | 'out' | 'in' | 'foreign'>('unknown')
/** Why the last try to sign in failed, or why a session ended. */
export const signInProblem = signal<Problem | null>(null)

/** The second half of the session: the cookie alone opens nothing. Lives as long as this tab, and as this run of bhor. */
export function readCsrf(): string | null {
  return sessionStorage.getItem(shelf)
}

/** Which sign-in this is; tabs that were opened from one another share it. */
export function signInId(): string {
  return sessionStorage.getItem(idShelf) ?? ''
}

export function keepSession({ id, csrf }: SignedIn): void {
  sessionStorage.setItem(idShelf, id)
  sessionStorage.setItem(shelf, csrf)
}

const leaving: (() => void)[] = []
/** Has `forget` called when the session ends: nothing that it showed stays in memory. */
export function onLeaving(forget: () => void): void {
  leaving.push(forget)
}

export function leave(problem: Problem | null, to: 'out' | 'foreign' = 'out'): void {
  sessionStorage.clear()
  signInProblem.value = problem
  if (standing.value !== 'foreign') standing.value = to
  for (const forget of leaving) forget()
}

let whenSignedOut: (problem: Problem) => void = leave
/** Says what happens when the server knows this session no more. */
export function onSignedOut(act: (problem: Problem) => void): void {
  whenSignedOut = act
}
export function signedOut(problem: Problem): void {
  whenSignedOut(problem)
}
