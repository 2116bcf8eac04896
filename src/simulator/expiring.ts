/** What lives for a short time under an id that only its holder knows: one-time codes, logins underway. */
export class Expiring<T> {
  readonly #byId = new Map<string, { readonly value: T; readonly expiresAt: Temporal.Instant }>()
  readonly #now: () => Temporal.Instant
  readonly #ttlMs: number
  /** Pages that somebody opens and leaves must not fill the memory. */
  static readonly #most = 1000

  constructor(now: () => Temporal.Instant, ttlMs: number) {
    this.#now = now
    this.#ttlMs = ttlMs
  }
  issue(id: string, value: T): T {
    if (this.#byId.size >= Expiring.#most) this.#byId.delete(this.#byId.keys().next().value as string)
    this.#byId.set(id, { value, expiresAt: this.#now().add({ milliseconds: this.#ttlMs }) })
    return value
  }
  /** Undefined when unknown, taken, or too old. */
  get(id: string): T | undefined {
    const entry = this.#byId.get(id)
    return entry && Temporal.Instant.compare(this.#now(), entry.expiresAt) < 0 ? entry.value : undefined
  }
  /** What lives now, oldest first. */
  all(): T[] {
    return [...this.#byId.keys()].flatMap((id) => this.get(id) ?? [])
  }
  /** As {@link Expiring.get}, and spends it: whatever comes of it, it works only once. */
  take(id: string): T | undefined {
    const value = this.get(id)
    this.#byId.delete(id)
    return value
  }
}
