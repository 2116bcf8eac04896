import { hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { newId, newToken } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'

export const cookieName = 'bhor_desk'
export const linkTtlMs = 10 * 60 * 1000
const idleMs = 30 * 60 * 1000
const absoluteMs = 12 * 60 * 60 * 1000
const mostSignIns = 5
const mostLinks = 20

interface SignIn {
  readonly id: string
  readonly cookieHash: string
  readonly pageHash: string
  readonly startedAtMs: number
  lastUsedMs: number
}

/**
 * Who is signed in to the dashboard. A sign-in link works once; what it gives has two halves, a cookie and a value
 * that only the page holds, because another program's page on another port of this computer gets the cookie too.
 * Kept in memory: a restart signs everybody out.
 */
export class SignIns {
  readonly #clock: Clock
  readonly #random: Random
  readonly #links = new Map<string, number>()
  readonly #signIns = new Map<string, SignIn>()

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** A new one-time token for a sign-in link. */
  newLink(): { token: Secret; expiresAtMs: number } {
    const token = new Secret(newToken(this.#random))
    const expiresAtMs = this.#nowMs() + linkTtlMs
    if (this.#links.size >= mostLinks) this.#links.delete(this.#links.keys().next().value as string)
    this.#links.set(digest(token.reveal()), expiresAtMs)
    return { token, expiresAtMs }
  }

  /** @throws BhorError `sign_in_link_invalid` */
  signIn(linkToken: string): { id: string; cookie: Secret; page: Secret; expiresAtMs: number } {
    const key = digest(linkToken)
    const linkEndsMs = this.#links.get(key)
    this.#links.delete(key)
    const nowMs = this.#nowMs()
    if (linkEndsMs === undefined || nowMs >= linkEndsMs) {
      throw new BhorError('sign_in_link_invalid', 'This sign-in link was used, is too old, or is not ours.')
    }
    const cookie = new Secret(newToken(this.#random))
    const page = new Secret(newToken(this.#random))
    const signIn: SignIn = {
      id: newId('desk', this.#random),
      cookieHash: digest(cookie.reveal()),
      pageHash: digest(page.reveal()),
      startedAtMs: nowMs,
      lastUsedMs: nowMs,
    }
    if (this.#signIns.size >= mostSignIns) this.#signIns.delete(this.#signIns.keys().next().value as string)
    this.#signIns.set(signIn.cookieHash, signIn)
    return { id: signIn.id, cookie, page, expiresAtMs: nowMs + absoluteMs }
  }

  /**
   * The sign-in that both halves name. `isActivity` is false for a page that only waits for news.
   *
   * @throws BhorError `sign_in_needed`
   */
  check(cookie: string, page: string, isActivity: boolean): { id: string; expiresAtMs: number } {
    const signIn = this.#signIns.get(digest(cookie))
    const nowMs = this.#nowMs()
    const isOver = signIn && (nowMs - signIn.lastUsedMs >= idleMs || nowMs - signIn.startedAtMs >= absoluteMs)
    if (signIn && isOver) this.#signIns.delete(signIn.cookieHash)
    if (!signIn || isOver || !timingSafeEqual(Buffer.from(signIn.pageHash), Buffer.from(digest(page)))) {
      throw new BhorError('sign_in_needed', 'You are not signed in, or not any more.')
    }
    if (isActivity) signIn.lastUsedMs = nowMs
    return { id: signIn.id, expiresAtMs: signIn.startedAtMs + absoluteMs }
  }

  signOut(cookie: string): void {
    this.#signIns.delete(digest(cookie))
  }

  #nowMs(): number {
    return this.#clock.nowMs()
  }
}

function digest(value: string): string {
  return hash('sha256', value, 'hex')
}
