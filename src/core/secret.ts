const shown = '[secret]'
/** What `util.inspect` asks; by its public name, since loading `node:util` is a tenth of a `bhor token`. */
const inspecting = Symbol.for('nodejs.util.inspect.custom')

/** How many secret values {@link redact} remembers; the oldest is forgotten first. */
const rememberedLimit = 4096
/** Shorter values would blacken ordinary words. */
const shortestRedacted = 6
const remembered = new Set<string>()

/**
 * A value that never prints itself. Template strings, JSON, `util.inspect`, loggers and errors show
 * `[secret]`; only {@link Secret.reveal} gives the value, and a test lists every file that calls it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    if (value.length >= shortestRedacted && !remembered.has(value)) {
      if (remembered.size >= rememberedLimit) remembered.delete(remembered.values().next().value as string)
      remembered.add(value)
    }
  }

  /** The value itself. Call it as late as possible and keep the result in no variable that outlives the call. */
  reveal(): string {
    return this.#value
  }
  /** Whether the other one has the same value. */
  equals(other: Secret): boolean {
    return this.#value === other.#value
  }
  /** The number of characters, the one thing about a secret that may be said. */
  get length(): number {
    return this.#value.length
  }
  toString(): string {
    return shown
  }
  toJSON(): string {
    return shown
  }
  [Symbol.toPrimitive](): string {
    return shown
  }
  [inspecting](): string {
    return shown
  }
}

/** The values of all secrets that this process still remembers, for {@link redact}. */
export function rememberedSecrets(): Iterable<string> {
  return remembered
}
