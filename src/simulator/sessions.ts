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
  /** By the key of their app: there can be thousands. */
  readonly #known = new Map<string, SimulatedSession[]>()
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
    this.#known.set(apiKey, [...(this.#known.get(apiKey) ?? []), session])
    return session
  }
  find(like: Partial<SimulatedSession>): SimulatedSession | undefined {
    return this.#living(this.#like(like))[0]
  }
  live(): SimulatedSession[] {
    return this.#living([...this.#known.values()].flat())
  }
  /** Ends all that are like this; false when none of them lived. */
  end(like: Partial<SimulatedSession>): boolean {
    const ended = new Set(this.#like(like))
    for (const apiKey of new Set([...ended].map((session) => session.apiKey))) {
      const left = (this.#known.get(apiKey) ?? []).filter((session) => !ended.has(session))
      if (left.length > 0) this.#known.set(apiKey, left)
      else this.#known.delete(apiKey)
    }
    return this.#living([...ended]).length > 0
  }
  #like(like: Partial<SimulatedSession>): SimulatedSession[] {
    const { apiKey } = like
    const some = apiKey === undefined ? [...this.#known.values()].flat() : (this.#known.get(apiKey) ?? [])
    return some.filter((session) => isLike(session, like))
  }
  #living(sessions: readonly SimulatedSession[]): SimulatedSession[] {
    const now = this.#now()
    return sessions.filter((session) => Temporal.Instant.compare(now, session.expiresAt) < 0)
  }
}

const isLike = (session: SimulatedSession, like: Partial<SimulatedSession>): boolean =>
  Object.entries(like).every(([name, value]) => session[name as keyof SimulatedSession] === value)
