/** To whom a one-time code of a login was given. */
export interface IssuedCode {
  readonly apiKey: string
  readonly userId: string
}

/** The one-time codes of one broker (`request_token`, `code`): single use, short-lived. */
export class OneTimeCodes {
  readonly #issued = new Map<string, IssuedCode & { expiresAt: Temporal.Instant }>()
  readonly #now: () => Temporal.Instant
  readonly #ttlMs: number

  constructor(now: () => Temporal.Instant, ttlMs: number) {
    this.#now = now
    this.#ttlMs = ttlMs
  }
  issue(code: string, to: IssuedCode): void {
    this.#issued.set(code, { ...to, expiresAt: this.#now().add({ milliseconds: this.#ttlMs }) })
  }
  /** Spends the code: whatever comes of it, it works only once. Undefined when unknown, used, or too old. */
  take(code: string): IssuedCode | undefined {
    const issued = this.#issued.get(code)
    this.#issued.delete(code)
    return issued && Temporal.Instant.compare(this.#now(), issued.expiresAt) < 0 ? issued : undefined
  }
}
