import { hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { newId, newToken } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'

export const linkTtlMs = 10 * 60 * 1000
const idleMs = 30 * 60 * 1000
const absoluteMs = 12 * 60 * 60 * 1000
const mostSessions = 5
const mostLinks = 20

interface DeskSession {
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
export class DeskSessions {
  readonly #clock: Clock
  readonly #random: Random
  readonly #links = new Map<string, number>()
  readonly #sessions = new Map<string, DeskSession>()

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
    const session: DeskSession = {
      id: newId('desk', this.#random),
      cookieHash: digest(cookie.reveal()),
      pageHash: digest(page.reveal()),
      startedAtMs: nowMs,
      lastUsedMs: nowMs,
    }
    if (this.#sessions.size >= mostSessions)
      this.#sessions.delete(this.#sessions.keys().next().value as string)
    this.#sessions.set(session.cookieHash, session)
    return { id: session.id, cookie, page, expiresAtMs: nowMs + absoluteMs }
  }

  /**
   * The session that both halves name. `isActivity` is false for a page that only waits for news.
   *
   * @throws BhorError `sign_in_needed`
   */
  check(cookie: string, page: string, isActivity: boolean): { id: string; expiresAtMs: number } {
    const session = this.#sessions.get(digest(cookie))
    const nowMs = this.#nowMs()
    const isOver =
      session && (nowMs - session.lastUsedMs >= idleMs || nowMs - session.startedAtMs >= absoluteMs)
    if (session && isOver) this.#sessions.delete(session.cookieHash)
    if (!session || isOver || !timingSafeEqual(Buffer.from(session.pageHash), Buffer.from(digest(page)))) {
      throw new BhorError('sign_in_needed', 'You are not signed in, or not any more.')
    }
    if (isActivity) session.lastUsedMs = nowMs
    return { id: session.id, expiresAtMs: session.startedAtMs + absoluteMs }
  }

  signOut(cookie: string): void {
    this.#sessions.delete(digest(cookie))
  }

  #nowMs(): number {
    return this.#clock.nowMs()
  }
}

function digest(value: string): string {
  return hash('sha256', value, 'hex')
}
