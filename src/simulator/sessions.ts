import type { SimulatedBrokerModule } from './module.ts'

/** A live token of a simulated broker. */
export interface SimulatedSession {
  /** `access`; a broker may have others, such as `refresh`. */
  readonly kind: string
  readonly apiKey: string
  readonly userId: string
  readonly accessToken: string
  readonly issuedAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant
}

/** The live tokens of one broker. A new session kills the one before, by the broker's own rule. */
export class Sessions {
  #known: SimulatedSession[] = []
  readonly #now: () => Temporal.Instant
  readonly #rule: SimulatedBrokerModule['liveSessions']

  constructor(now: () => Temporal.Instant, rule: SimulatedBrokerModule['liveSessions']) {
    this.#now = now
    this.#rule = rule
  }
  open(session: SimulatedSession): SimulatedSession {
    const { kind, apiKey, userId } = session
    if (kind === 'access' && this.#rule !== 'many') this.end({ kind, apiKey })
    if (kind === 'access' && this.#rule === 'one per user') this.end({ kind, userId })
    this.#known.push(session)
    return session
  }
  find(like: Partial<SimulatedSession>): SimulatedSession | undefined {
    return this.live().find((session) => isLike(session, like))
  }
  live(): SimulatedSession[] {
    const now = this.#now()
    return this.#known.filter((session) => Temporal.Instant.compare(now, session.expiresAt) < 0)
  }
  /** Ends all that are like this; false when none of them lived. */
  end(like: Partial<SimulatedSession>): boolean {
    const wasLive = this.find(like) !== undefined
    this.#known = this.#known.filter((session) => !isLike(session, like))
    return wasLive
  }
}

const isLike = (session: SimulatedSession, like: Partial<SimulatedSession>): boolean =>
  Object.entries(like).every(([name, value]) => session[name as keyof SimulatedSession] === value)
