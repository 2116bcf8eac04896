import type { Trace } from './trace.ts'

interface Planned {
  readonly atMs: number
  readonly order: number
  readonly name: string
  run: (() => void) | undefined
}

/**
 * What happens next in a simulated world, and what time it is there. Nothing else moves the time, and between two
 * happenings everything that was waiting for the first has run as far as it can.
 */
export class Timeline {
  readonly trace: Trace
  readonly #startMs: number
  readonly #heap: Planned[] = []
  readonly #turns: (() => void)[] = []
  #nowMs: number
  #order = 0
  #steps = 0

  constructor(startMs: number, trace: Trace) {
    this.#startMs = startMs
    this.#nowMs = startMs
    this.trace = trace
  }
  /** The true time, which no process of this world need know. */
  get nowMs(): number {
    return this.#nowMs
  }
  get elapsedMs(): number {
    return this.#nowMs - this.#startMs
  }
  get steps(): number {
    return this.#steps
  }
  at(atMs: number, name: string, run: () => void): Disposable {
    const planned: Planned = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, name, run }
    push(this.#heap, planned)
    return {
      [Symbol.dispose]: () => {
        planned.run = undefined
      },
    }
  }
  after(delayMs: number, name: string, run: () => void): Disposable {
    return this.at(this.#nowMs + delayMs, name, run)
  }
  sleep(ms: number, name: string): Promise<void> {
    return new Promise((resolve) => this.after(ms, name, resolve))
  }
  note(text: string): void {
    this.trace.add(`${this.elapsedMs} ${text}`)
  }

  /** Does what comes next, unless that is later than `untilMs`. False when nothing is left until then. */
  async step(untilMs: number): Promise<boolean> {
    for (;;) {
      const next = this.#heap[0]
      if (!next || next.atMs > untilMs) {
        this.#nowMs = Math.max(this.#nowMs, untilMs)
        return false
      }
      pop(this.#heap)
      if (!next.run) continue
      this.#nowMs = next.atMs
      this.#steps++
      this.note(next.name)
      next.run()
      await this.settle()
      return true
    }
  }
  /** Lets every promise and every turn of the event loop run that something of now has set going. */
  async settle(): Promise<void> {
    await promisesRan()
    for (let turn = this.#turns.shift(); turn; turn = this.#turns.shift()) {
      turn()
      await promisesRan()
    }
  }
  /** As long as the result is not disposed, `setImmediate` waits for {@link settle}. */
  takeTurns(): Disposable {
    const before = globalThis.setImmediate
    const later = (work: (...given: unknown[]) => void, ...given: unknown[]) => {
      this.#turns.push(() => work(...given))
    }
    globalThis.setImmediate = later as unknown as typeof setImmediate
    return {
      [Symbol.dispose]() {
        globalThis.setImmediate = before
      },
    }
  }
}

const immediately = globalThis.setImmediate
/** Everything that only waits for promises has run. */
function promisesRan(): Promise<void> {
  return new Promise((resolve) => immediately(resolve))
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

function push(heap: Planned[], planned: Planned): void {
  let at = heap.length
  heap.push(planned)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(planned, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = planned
}

function pop(heap: Planned[]): void {
  const last = heap.pop()!
  if (heap.length === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
}
