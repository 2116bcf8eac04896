/** A live session at a simulated broker. */
export interface SimulatedSession {
  readonly apiKey: string
  readonly userId: string
  readonly accessToken: string
  readonly issuedAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant
}

/** The sessions of one broker: one per app, as both brokers have it; a new one kills the one before. */
export class Sessions {
  readonly #byApp = new Map<string, SimulatedSession>()
  readonly #now: () => Temporal.Instant

  constructor(now: () => Temporal.Instant) {
    this.#now = now
  }
  open(session: SimulatedSession): void {
    this.#byApp.set(session.apiKey, session)
  }
  /** The session of this token, while it lives. */
  find(accessToken: string): SimulatedSession | undefined {
    return this.live().find((session) => session.accessToken === accessToken)
  }
  live(): SimulatedSession[] {
    const now = this.#now()
    return [...this.#byApp.values()].filter((session) => Temporal.Instant.compare(now, session.expiresAt) < 0)
  }
  /** Ends the app's session; false when there was none. */
  kill(apiKey: string): boolean {
    const isLive = this.live().some((session) => session.apiKey === apiKey)
    this.#byApp.delete(apiKey)
    return isLive
  }
}
