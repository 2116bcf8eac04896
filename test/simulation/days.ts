import { istZone } from '../../src/core/ist.ts'
import type { Chance } from './chance.ts'
import type { Household } from './households.ts'
import type { Mishap, People } from './people.ts'
import type { Programs } from './programs.ts'
import type { SimulatedWorld } from './world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** Minutes after midnight in India at which a broker ends its sessions. */
const dawns: Readonly<Record<string, number>> = { kite: 6 * 60, upstox: 3 * 60 + 30, angel: 24 * 60 }

/** When people log in. */
const hours = ['before dawn', 'at dawn', 'after dawn', 'in the morning', 'in the morning'] as const

/** Plans what people and programs do in each day of a world. */
export class Days {
  readonly #world: SimulatedWorld
  readonly #people: People
  readonly #programs: Programs
  readonly #chance: Chance

  constructor(world: SimulatedWorld, people: People, programs: Programs) {
    this.#world = world
    this.#people = people
    this.#programs = programs
    this.#chance = world.chance.fork('days')
  }
  /** From this midnight in India to the next. */
  plan(midnightMs: number): void {
    const isWeekend = weekdayOf(midnightMs) > 5
    for (const household of this.#world.households) {
      if (this.#chance.happens(isWeekend ? 0.8 : 0.5)) this.#idle(household, midnightMs)
      else this.#trade(household, midnightMs)
    }
    if (this.#chance.happens(0.15)) this.#at(midnightMs + this.#anyMs(), () => this.#people.kill())
    if (this.#chance.happens(0.15)) this.#at(midnightMs + this.#anyMs(), () => this.#programs.replaceKey())
  }
  #trade(household: Household, midnightMs: number): void {
    const loginMs = midnightMs + this.#loginMinute(household) * minuteMs + this.#chance.between(0, minuteMs)
    this.#at(loginMs, () => this.#people.logIn(household, this.#mishap()))
    if (this.#chance.happens(0.1))
      this.#at(midnightMs + this.#anyMs(), () => this.#people.logIn(household, this.#mishap()))
    const dawnMs = midnightMs + (dawns[household.broker] ?? 0) * minuteMs
    const asks = [
      dawnMs + this.#chance.between(-4_000, 4_000),
      loginMs + this.#chance.between(1_000, 3 * minuteMs),
      midnightMs + (9 * 60 + 15) * minuteMs + this.#chance.between(0, 5_000),
      midnightMs + this.#anyMs(),
    ]
    for (const atMs of asks)
      if (this.#chance.happens(0.7)) this.#at(atMs, () => this.#programs.ask(household))
    const rarely: readonly (readonly [number, () => unknown])[] = [
      [0.1, () => this.#people.test(household)],
      [household.canRenew ? 0.4 : 0.02, () => this.#people.renew(household)],
      [0.06, () => this.#people.logOut(household)],
      [0.06, () => this.#people.pause(household)],
      [0.05, () => this.#people.killElsewhere(household)],
      [0.02, () => this.#people.changeSecret(household)],
      [0.01, () => this.#people.removeAndAdd(household)],
    ]
    for (const [probability, work] of rarely)
      if (this.#chance.happens(probability)) this.#at(midnightMs + this.#anyMs(), work)
  }
  #idle(household: Household, midnightMs: number): void {
    if (this.#chance.happens(0.2)) this.#at(midnightMs + this.#anyMs(), () => this.#programs.ask(household))
  }
  #loginMinute({ broker }: Household): number {
    const dawn = (dawns[broker] ?? 0) % (24 * 60)
    switch (this.#chance.pick(hours)) {
      case 'before dawn':
        return Math.max(0, dawn - this.#chance.between(1, 60))
      case 'at dawn':
        return Math.max(0, dawn + this.#chance.between(-2, 2))
      case 'after dawn':
        return dawn + this.#chance.between(1, 60)
      case 'in the morning':
        return 7 * 60 + 30 + this.#chance.between(0, 100)
    }
  }
  #mishap(): Mishap {
    return this.#chance.weighted({
      none: 70,
      again: 10,
      pasted: 6,
      cancelled: 3,
      'taken back': 4,
      'wrong person': 4,
      'too late': 2,
      'two tabs': 3,
      forged: 3,
      'mixed up': 2,
    })
  }
  #anyMs(): number {
    return this.#chance.between(0, dayMs - 1)
  }
  #at(atMs: number, work: () => unknown): void {
    if (atMs >= this.#world.timeline.nowMs)
      this.#world.timeline.at(atMs, 'somebody does something', () => void work())
  }
}

/** 1 for Monday. */
function weekdayOf(atMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(istZone).dayOfWeek
}
