import type { Random } from '../core/random.ts'
import { opaqueToken } from './tokens.ts'

/** A person on the way through the login pages. */
export interface LoginUnderway {
  readonly id: string
  readonly apiKey: string
  /** What the login page was called with and the redirect needs. */
  readonly carried: Readonly<Record<string, string>>
  /** Set once the password was right. */
  userId?: string
  /** All steps are done. */
  isComplete: boolean
}

const ttlMs = 10 * 60_000
/** Pages that somebody opens and leaves must not fill the memory. */
const most = 1000

export class Logins {
  readonly #byId = new Map<string, LoginUnderway & { expiresAt: Temporal.Instant }>()
  readonly #now: () => Temporal.Instant
  readonly #random: Random

  constructor(now: () => Temporal.Instant, random: Random) {
    this.#now = now
    this.#random = random
  }
  start(apiKey: string, carried: Readonly<Record<string, string>>): LoginUnderway {
    if (this.#byId.size >= most) this.#byId.delete(this.#byId.keys().next().value as string)
    const id = opaqueToken(this.#random, 32)
    const login = {
      id,
      apiKey,
      carried,
      isComplete: false,
      expiresAt: this.#now().add({ milliseconds: ttlMs }),
    }
    this.#byId.set(id, login)
    return login
  }
  get(id: string): LoginUnderway | undefined {
    const login = this.#byId.get(id)
    return login && Temporal.Instant.compare(this.#now(), login.expiresAt) < 0 ? login : undefined
  }
  end(login: LoginUnderway): void {
    this.#byId.delete(login.id)
  }
}
