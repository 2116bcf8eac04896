import type { Chance } from './chance.ts'
import type { Life } from './life.ts'

/** How often what goes wrong, in one world. */
export interface FaultRates {
  /** Per write: it is refused before anything was done. */
  readonly writeRefused: number
  /** Per write: nobody hears whether it was done. */
  readonly writeUnsaid: number
  /** Per write: done twice, the first time in vain. */
  readonly writeAgain: number
  readonly readRefused: number
  /** Per read: the answer comes late, or is old when it comes. */
  readonly readLate: number
  /** Per call to a broker. */
  readonly call: number
  /** Per call of an account with a way out of its own. */
  readonly way: number
  /** Before and after each write and each call. */
  readonly crash: number
  readonly pause: number
  /** Hours between two long troubles of one process: cut off, stopped, a clock that jumps. */
  readonly troubleHours: number
  /** Hours between two outages of one broker. */
  readonly outageHours: number
  /** How wrong clocks are, at most. */
  readonly clockMs: number
}

/** Each world has its own weather: a fault that never meets another one in the average must meet it in some. */
export function ratesOf(chance: Chance): FaultRates {
  const one = (...rates: readonly number[]) => chance.pick(rates)
  return {
    writeRefused: one(0, 0, 0.002, 0.02),
    writeUnsaid: one(0, 0.003, 0.02, 0.1),
    writeAgain: one(0, 0.02, 0.2),
    readRefused: one(0, 0, 0.001, 0.005),
    readLate: one(0.02, 0.1),
    call: one(0, 0.02, 0.1, 0.3),
    way: one(0, 0.1, 0.5),
    crash: one(0, 0.0005, 0.003, 0.01),
    pause: one(0, 0.002, 0.02),
    troubleHours: one(Number.POSITIVE_INFINITY, 48, 12, 4),
    outageHours: one(Number.POSITIVE_INFINITY, 72, 24),
    clockMs: one(0, 0, 2_000, 150_000),
  }
}

export type WriteFate = 'done' | 'unreachable' | 'busy' | 'full' | 'lost' | 'unsaid' | 'again'
export type ReadFate = 'done' | 'unreachable' | 'busy' | 'late' | 'old'
export type CallFate = keyof typeof callFates

/** What can become of a call to a broker, and how likely each is among them. */
export const callFates = {
  answered: 0,
  /** The broker has not seen it. */
  not_sent: 3,
  /** Torn down before the broker did anything. */
  reset_before: 2,
  /** The broker has acted, and nobody hears of it. */
  reset_after: 4,
  /** No answer, and nothing done. */
  silence: 2,
  /** The broker acts when nobody waits any more. */
  acts_late: 1,
  /** The broker acts at once and answers when nobody waits any more. */
  answers_late: 2,
  /** The request reaches the broker twice; the second answer comes back. */
  twice: 2,
  status: 3,
  html: 2,
  /** The broker has acted and answers what is no JSON. */
  garbage: 2,
  rate_limited: 2,
  redirect: 1,
  ip_refused: 1,
  closed: 1,
} as const

/** Decides what goes wrong. In calm weather nothing does. */
export class FaultPlan {
  readonly rates: FaultRates
  readonly #chance: Chance
  isCalm = false

  constructor(chance: Chance, rates = ratesOf(chance)) {
    this.#chance = chance
    this.rates = rates
  }
  ofWrite(life: Life): WriteFate {
    const { writeRefused, writeUnsaid, writeAgain } = this.rates
    if (this.isCalm) return 'done'
    const fate = this.#happens(writeRefused)
      ? this.#chance.pick(['unreachable', 'busy', 'full'] as const)
      : this.#happens(writeUnsaid)
        ? this.#chance.pick(['lost', 'unsaid'] as const)
        : this.#happens(writeAgain)
          ? 'again'
          : 'done'
    if (fate !== 'done' && fate !== 'again') life.troubled()
    return fate
  }
  ofRead(life: Life): ReadFate {
    const { readRefused, readLate } = this.rates
    if (this.isCalm) return 'done'
    if (this.#happens(readRefused)) {
      life.troubled()
      return this.#chance.pick(['unreachable', 'busy'] as const)
    }
    return this.#happens(readLate) ? this.#chance.pick(['late', 'old'] as const) : 'done'
  }
  ofCall(life: Life): CallFate {
    if (this.isCalm || !this.#happens(this.rates.call)) return 'answered'
    life.troubled()
    return this.#chance.weighted(callFates)
  }
  /** Of an account that has its own way out. */
  losesWay(life: Life): boolean {
    if (this.isCalm || !this.#happens(this.rates.way)) return false
    life.troubled()
    return true
  }
  /** @param times how much more likely than elsewhere */
  crashes(life: Life, times = 1): boolean {
    return !life.isOver && !this.isCalm && this.#happens(times * this.rates.crash)
  }
  /** Like SIGSTOP and SIGCONT. */
  pauses(life: Life, times = 1): void {
    if (this.isCalm || !this.#happens(times * this.rates.pause)) return
    life.pause(this.#chance.pick([2_000, 20_000, 200_000]) + this.#chance.between(0, 1_000))
  }
  storeMs(): number {
    if (!this.isCalm && this.#happens(0.01)) return this.#chance.between(20, 900)
    return this.#chance.between(0, 4)
  }
  callMs(): number {
    if (!this.isCalm && this.#happens(0.03)) return this.#chance.between(1_000, 9_000)
    return this.#chance.between(15, 400)
  }
  /** How long to wait for something that happens once in so many hours, in the mean. */
  nextMs(hours: number): number {
    return Math.round(-Math.log(1 - this.#chance.fraction()) * hours * 3_600_000) + 1
  }
  #happens(probability: number): boolean {
    return this.#chance.happens(probability)
  }
}
