import type { CallKind, CallLimit, HandOut } from '../contracts/api.ts'
import type { Clock } from '../core/clock.ts'
import type { Fault } from './errors.ts'

/** What comes later than this is not what the program wanted: a price has moved, a signal has passed. */
const longestWaitMs = 10_000
/** Calls that were sent in one window must not arrive in one: the way there is not always as long. */
const slackMs = 50

interface Queue {
  /** When the calls of the longest window go, the latest last. */
  readonly timesMs: number[]
  notBeforeMs: number
}

/** However often a program opens a bhor, the broker counts its calls together. */
const queuesBy = new WeakMap<Clock, Map<string, Queue>>()

/** Keeps the calls of this process to the broker's limits, in the order in which they were asked for. */
export class Turns {
  readonly #clock: Clock
  readonly #fault: Fault
  readonly #queues: Map<string, Queue>

  constructor(clock: Clock, fault: Fault) {
    this.#clock = clock
    this.#fault = fault
    this.#queues = queuesBy.get(clock) ?? new Map()
    queuesBy.set(clock, this.#queues)
  }

  /** Resolves when a call may go, with whether it had to wait. @throws BhorError `rate_limited` where that is too far away */
  async take(
    session: HandOut,
    kind: CallKind | undefined,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const queue = this.#queueOf(session, kind)
    const limits = limitsOf(session, kind)
    const nowMs = this.#clock.monotonicMs()
    const { timesMs } = queue
    const freeMs = limits.map(
      ([atMost, inMs]) => (timesMs.at(-atMost) ?? Number.NEGATIVE_INFINITY) + inMs + slackMs,
    )
    const atMs = Math.max(nowMs, queue.notBeforeMs, ...freeMs)
    const waitMs = atMs - nowMs
    if (waitMs > longestWaitMs) {
      const seconds = Math.ceil(waitMs / 1000)
      const text = `The broker’s limit for ${session.account} is used up for ${seconds} s.`
      throw this.#fault('rate_limited', text, { hint: 'Call less often.', retryAfterMs: waitMs })
    }
    timesMs.push(atMs)
    const kept = Math.max(...limits.map(([atMost]) => atMost), 1)
    if (timesMs.length > kept) timesMs.shift()
    if (waitMs <= 0) return false
    await this.#clock.sleep(waitMs, signal)
    return true
  }

  /** The broker itself has asked to slow down. */
  hold(session: HandOut, kind: CallKind | undefined, forMs: number): void {
    const queue = this.#queueOf(session, kind)
    queue.notBeforeMs = Math.max(queue.notBeforeMs, this.#clock.monotonicMs() + forMs)
  }

  #queueOf(session: HandOut, kind: CallKind | undefined): Queue {
    const { broker, userId, apiKey, limits = {} } = session
    const counted = kind !== undefined && limits[kind] ? kind : 'read'
    const name = `${counted} ${broker} ${counted === 'order' ? userId : apiKey || userId}`
    const queue = this.#queues.get(name) ?? { timesMs: [], notBeforeMs: Number.NEGATIVE_INFINITY }
    this.#queues.set(name, queue)
    return queue
  }
}

function limitsOf({ limits = {} }: HandOut, kind: CallKind = 'read'): readonly CallLimit[] {
  return limits[kind] ?? limits.read ?? []
}
