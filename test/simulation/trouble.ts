import type { Chance } from './chance.ts'
import type { BhorProcess } from './process.ts'
import type { SimulatedWorld } from './world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What lasts: processes that are cut off, stopped, suspended, or have a wrong clock; brokers that are out of order. */
export class Trouble {
  readonly #world: SimulatedWorld
  readonly #chance: Chance

  constructor(world: SimulatedWorld) {
    this.#world = world
    this.#chance = world.chance.fork('trouble')
  }
  begin(): void {
    const { processes, faults } = this.#world
    for (const process of processes) {
      this.#again(faults.rates.troubleHours, `trouble for ${process.name}`, () => this.#befall(process))
    }
    for (const broker of ['kite', 'upstox', 'angel'])
      this.#again(faults.rates.outageHours, `trouble at ${broker}`, () =>
        this.#world.breaks(broker, this.#chance.pick([20_000, 5 * minuteMs, 40 * minuteMs])),
      )
    this.resume()
  }
  /** After a calm: the clocks of this world are as wrong as they are. */
  resume(): void {
    const { clockMs } = this.#world.faults.rates
    for (const process of this.#world.processes) process.setOffset(this.#chance.between(-clockMs, clockMs))
  }
  #again(hours: number, name: string, work: () => void): void {
    if (!Number.isFinite(hours)) return
    this.#world.timeline.after(this.#world.faults.nextMs(hours), name, () => {
      if (!this.#world.faults.isCalm) work()
      this.#again(hours, name, work)
    })
  }
  #befall(process: BhorProcess): void {
    const ms = this.#chance.pick([3_000, 30_000, 4 * minuteMs, 30 * minuteMs])
    const happenings = {
      store: () => this.#cut(process, 'store', ms),
      brokers: () => this.#cut(process, 'brokers', ms),
      crash: () => process.crash(),
      stop: () => process.pause(ms),
      suspend: () => process.pause(this.#chance.between(1, 8) * hourMs),
      step: () => this.#step(process, this.#chance.between(-2 * minuteMs, 2 * minuteMs), ms),
      leap: () => this.#step(process, this.#chance.pick([-24, -1, 1, 24]) * hourMs, ms),
    }
    happenings[
      this.#chance.weighted({ store: 3, brokers: 2, crash: 3, stop: 3, suspend: 1, step: 2, leap: 1 })
    ]()
  }
  #cut(process: BhorProcess, from: 'store' | 'brokers', ms: number): void {
    const { timeline } = this.#world
    timeline.note(`${process.name} is cut off from the ${from} for ${ms} ms`)
    process.cutFrom.add(from)
    process.troubled()
    timeline.after(ms, `${process.name} reaches the ${from} again`, () => {
      process.cutFrom.delete(from)
      process.troubled()
    })
  }
  #step(process: BhorProcess, byMs: number, ms: number): void {
    const before = process.offsetMs
    process.setOffset(byMs)
    this.#world.timeline.after(ms, `${process.name} has its clock set right`, () => {
      if (!this.#world.faults.isCalm) process.setOffset(before)
    })
  }
}
