type Act = () => void

/**
 * Shares the event loop among callers: each begins some of its requests in a turn, what is more waits for the next
 * one. So whoever asks on many connections at once holds up himself, and the others by one turn at most.
 */
export class Turns {
  /** How many each caller has begun in this turn. */
  readonly #begun = new Map<string, number>()
  readonly #waiting = new Map<string, Act[]>()
  readonly #mostOf: (caller: string) => number
  #isScheduled = false

  /** @param mostOf how many requests of a caller are begun in one turn */
  constructor(mostOf: (caller: string) => number) {
    this.#mostOf = mostOf
  }

  /** Does it now, or in the order of this caller as soon as a turn has room for it. */
  take(caller: string, act: Act): void {
    const begun = this.#begun.get(caller) ?? 0
    if (begun >= this.#mostOf(caller) || this.#waiting.has(caller)) {
      this.later(caller, act)
      return
    }
    this.#begun.set(caller, begun + 1)
    this.#schedule()
    act()
  }
  /** Not before the next turn. */
  later(caller: string, act: Act): void {
    const acts = this.#waiting.get(caller)
    if (acts) acts.push(act)
    else this.#waiting.set(caller, [act])
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(this.#turn)
  }
  readonly #turn = (): void => {
    this.#isScheduled = false
    this.#begun.clear()
    for (const [caller, acts] of [...this.#waiting]) {
      const due = acts.splice(0, this.#mostOf(caller))
      if (acts.length === 0) this.#waiting.delete(caller)
      this.#begun.set(caller, due.length)
      for (const act of due) act()
    }
    if (this.#begun.size > 0) this.#schedule()
  }
}
