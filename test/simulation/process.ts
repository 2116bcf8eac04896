import { JudgedClock } from '../../src/core/judged-clock.ts'
import { seededRandom } from '../../src/core/random.ts'
import { Desk } from '../../src/session/desk.ts'
import { masterKeyOf } from '../../src/vault/master-key.ts'
import { openVault } from '../../src/vault/open.ts'
import { contextOver } from '../support/domain.ts'
import { adapters } from './brokers.ts'
import type { Life } from './life.ts'
import { netOf } from './network.ts'
import { clockOf } from './process-clock.ts'
import { storeOf } from './process-store.ts'
import { RunningServices } from './running-services.ts'
import type { SimulatedWorld } from './world.ts'

const masterKey = masterKeyOf(seededRandom('master key of the simulation').bytes(32), 'simulation')

/** Nobody answers, or nobody answers any more: whoever asked does not know what has become of it. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** How long a client waits for an answer. */
const clientPatienceMs = 60_000

interface Asked {
  fails(why: string): void
}

/** One process of bhor in a simulated world: it starts, serves, is stopped for a while, dies and starts again. */
export class BhorProcess {
  readonly name: string
  readonly #world: SimulatedWorld
  readonly cutFrom = new Set<'store' | 'brokers'>()
  #lives = 0
  #isUp = false
  #pausedUntilMs = 0
  #offsetMs = 0
  #troubledUntilMs = 0
  #desk: Desk | undefined
  #services: RunningServices | undefined
  readonly #asked = new Set<Asked>()

  constructor(world: SimulatedWorld, name: string) {
    this.#world = world
    this.name = name
  }
  get isUp(): boolean {
    return this.#isUp
  }
  get isPaused(): boolean {
    return this.#world.timeline.nowMs < this.#pausedUntilMs
  }
  get desk(): Desk | undefined {
    return this.#desk
  }
  /** By how much its wall clock is wrong. */
  get offsetMs(): number {
    return this.#offsetMs
  }
  /** Whether something has gone wrong for it at that time or since. */
  wasTroubledSince(atMs: number): boolean {
    return this.#troubledUntilMs >= atMs
  }
  troubled(): void {
    this.#troubledUntilMs = Math.max(this.#troubledUntilMs, this.#world.timeline.nowMs)
    this.#services?.troubled()
  }

  start(): void {
    const life = this.#newLife()
    this.#open(life).catch((error: unknown) => {
      if (life.isOver) return
      this.#world.fault(`${life.name} does not start`, error)
      this.#end()
      this.#startLater(2_000)
    })
  }
  async #open(life: Life): Promise<void> {
    const { shared, chance, brokers, calls } = this.#world
    const random = chance.fork(`random of ${life.name}`).random()
    const clock = new JudgedClock(life.clock)
    const store = storeOf(life, shared)
    const { vault } = await openVault({ store, masterKey, random, clock })
    const context = await contextOver({
      store,
      vault,
      net: netOf(life, brokers, (broker) => this.#world.isOut(broker), calls),
      clock,
      random,
      broker: async (id) => adapters[id]!,
      hosts: async (broker) => brokers.hosts(broker.id),
    })
    this.#world.opened(vault)
    const desk = new Desk(context)
    const [last] = await store.audit.latest(1)
    if (last) clock.notBefore(last.atMs)
    await desk.keeper.start(false)
    if (life.isOver) return
    this.#desk = desk
    this.#isUp = true
    this.#services = new RunningServices(this.#world, life, desk)
    this.#world.timeline.note(`${life.name} is up`)
  }
  #newLife(): Life {
    const { timeline, faults, chance } = this.#world
    const number = ++this.#lives
    const name = `${this.name}${number}`
    const isOver = () => this.#lives !== number
    const after: Life['after'] = (delayMs, what, work) => {
      let planned: Disposable
      const run = () => {
        if (isOver()) return
        const waitMs = this.#pausedUntilMs - timeline.nowMs
        if (waitMs <= 0) return work()
        planned = timeline.after(waitMs, `${what} (stopped)`, run)
      }
      planned = timeline.after(delayMs, what, run)
      return { [Symbol.dispose]: () => planned[Symbol.dispose]() }
    }
    const clock = clockOf({ name, timeline, after }, () => this.#offsetMs)
    return {
      name,
      process: this.name,
      get isOver() {
        return isOver()
      },
      clock,
      timeline,
      chance: chance.fork(name),
      faults,
      cutFrom: this.cutFrom,
      after,
      troubled: () => this.troubled(),
      crash: () => this.crash(),
      pause: (ms) => this.pause(ms),
    }
  }

  /** A request of a client, over a network that loses nothing but what the process loses. */
  ask<T>(what: string, work: (desk: Desk) => Promise<T>): Promise<T> {
    const { timeline, faults } = this.#world
    return new Promise<T>((resolve, reject) => {
      const asked: Asked = {
        fails(why) {
          patience[Symbol.dispose]()
          timeline.after(1, `nobody answers ${what}`, () => reject(new Unreachable(why)))
        },
      }
      const patience = timeline.after(clientPatienceMs, `${what} waits no longer`, () => {
        this.#asked.delete(asked)
        reject(new Unreachable('no answer'))
      })
      const isWaiting = () => this.#asked.delete(asked)
      const answer = (settle: () => void) => {
        timeline.after(faults.storeMs(), `${what} is answered`, () => {
          if (!isWaiting()) return
          patience[Symbol.dispose]()
          settle()
        })
      }
      this.#asked.add(asked)
      timeline.after(faults.storeMs(), what, () => {
        const desk = this.#desk
        if (!desk) return void (isWaiting() && asked.fails('it is not up'))
        if (!this.isPaused) return serve(desk)
        timeline.after(this.#pausedUntilMs - timeline.nowMs, `${what} (stopped)`, () => {
          if (this.#desk === desk) serve(desk)
        })
      })
      const serve = (desk: Desk) => {
        const life = this.#lives
        const isGone = () => this.#lives !== life
        work(desk).then(
          (value) => isGone() || answer(() => resolve(value)),
          (error: unknown) => isGone() || answer(() => reject(error as Error)),
        )
      }
    })
  }

  crash(): void {
    if (!this.#isUp && this.#desk === undefined && this.#lives === 0) return
    this.#world.timeline.note(`${this.name} crashes`)
    this.#end()
    this.#startLater(this.#world.faults.isCalm ? 100 : this.#world.chance.between(200, 40_000))
  }
  #end(): void {
    this.#lives++
    this.#isUp = false
    this.#desk = undefined
    this.#services = undefined
    this.#pausedUntilMs = 0
    for (const asked of this.#asked) asked.fails('it has crashed')
    this.#asked.clear()
  }
  #startLater(ms: number): void {
    const lives = this.#lives
    this.#world.timeline.after(ms, `${this.name} starts`, () => {
      if (this.#lives === lives) this.start()
    })
  }
  pause(ms: number): void {
    if (!this.#isUp) return
    this.#world.timeline.note(`${this.name} is stopped for ${ms} ms`)
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#world.timeline.nowMs + ms)
    this.#troubledUntilMs = this.#pausedUntilMs
    this.#services?.troubled()
  }
  /** An NTP step, an operator's mistake. */
  setOffset(ms: number): void {
    if (ms === this.#offsetMs) return
    this.#world.timeline.note(`${this.name} has a clock that is wrong by ${ms} ms`)
    this.#offsetMs = ms
    this.troubled()
  }
  /** From here on nothing is wrong with it. */
  heal(): void {
    this.cutFrom.clear()
    this.#pausedUntilMs = Math.min(this.#pausedUntilMs, this.#world.timeline.nowMs)
    this.setOffset(0)
    this.#troubledUntilMs = Math.min(this.#troubledUntilMs, this.#world.timeline.nowMs)
    if (!this.#isUp) this.#startLater(100)
    this.#services?.troubled()
  }
  /** Something was committed: who sleeps may have to look. */
  stirred(by: string, isNews: boolean): void {
    this.#services?.stirred(by, isNews)
  }
}
