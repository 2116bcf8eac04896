import { type Service, services } from '../../src/app/services.ts'
import type { Desk } from '../../src/session/desk.ts'
import type { Life } from './life.ts'
import type { SimulatedWorld } from './world.ts'

/**
 * What makes a service look again that found nothing to do: what is due by the clock, what others have committed, or only
 * trouble of its own. One that is not named here looks whenever others have committed.
 */
const wokenBy: Readonly<Record<string, 'due' | 'commit' | 'trouble'>> = {
  keeper: 'due',
  'unsettled flights': 'trouble',
  'other servers': 'commit',
  'counted refusals': 'trouble',
  health: 'trouble',
}
/** What trouble leaves to do may show a while after it. */
const afterTroubleMs = [1_000, 7_000, 30_000, 90_000]
/** A look that nothing asks for, to see that it finds nothing. */
const superfluousMs = 5 * 3_600_000

/**
 * The services of one life. Each runs as the app runs it, again and again; looks of which it is known that they would find
 * nothing are stepped over, so that a month takes no longer than what happens in it.
 */
export class RunningServices {
  readonly #parts: readonly Looking[]

  constructor(world: SimulatedWorld, life: Life, desk: Desk) {
    this.#parts = services
      .filter((service) => service.isNeeded?.(desk) ?? true)
      .map((service) => new Looking(world, life, desk, service))
  }
  /** Something has gone wrong for this process, or its clock was set. */
  troubled(): void {
    for (const part of this.#parts) part.troubled()
  }
  /** That life has committed something; `isNews` when others hear of it. */
  stirred(by: string, isNews: boolean): void {
    for (const part of this.#parts) part.stirred(by, isNews)
  }
}

class Looking {
  readonly #world: SimulatedWorld
  readonly #life: Life
  readonly #desk: Desk
  readonly #service: Service
  readonly #wokenBy: 'due' | 'commit' | 'trouble'
  /** Looks come at this distance from one another, whether they are taken or not. */
  #lastMs: number
  #timer: Disposable | undefined
  #plannedMs = 0
  #isLooking = false
  #isStirred = true
  #troubleMs: number
  #waitMs = 0

  constructor(world: SimulatedWorld, life: Life, desk: Desk, service: Service) {
    this.#world = world
    this.#life = life
    this.#desk = desk
    this.#service = service
    this.#wokenBy = wokenBy[service.name] ?? 'commit'
    this.#lastMs = world.timeline.nowMs
    this.#troubleMs = world.timeline.nowMs
    this.#plan()
  }
  troubled(): void {
    this.#troubleMs = this.#world.timeline.nowMs
    this.#plan()
  }
  stirred(by: string, isNews: boolean): void {
    if (isNews && (this.#wokenBy === 'due' || by !== this.#life.name)) this.#isStirred = true
    if (this.#wokenBy !== 'trouble') this.#plan()
  }

  #plan(): void {
    if (this.#isLooking) return
    const { nowMs } = this.#world.timeline
    const atMs = Math.min(this.#nextMs(), nowMs + superfluousMs)
    if (this.#timer && this.#plannedMs === atMs) return
    this.#timer?.[Symbol.dispose]()
    this.#plannedMs = atMs
    this.#timer = this.#life.after(atMs - nowMs, `${this.#life.name} ${this.#service.name}`, () =>
      this.#look(),
    )
  }
  /** When it will find something, for all that is known from outside. */
  #nextMs(): number {
    const { due, timeline } = this.#world
    switch (this.#wokenBy) {
      case 'commit':
        return this.#isStirred ? this.#tickMs(timeline.nowMs) : Number.MAX_SAFE_INTEGER
      case 'trouble': {
        if (this.#isSettling()) return this.#tickMs(timeline.nowMs)
        const after = afterTroubleMs.find((ms) => this.#troubleMs + ms > timeline.nowMs)
        return after === undefined ? Number.MAX_SAFE_INTEGER : this.#tickMs(this.#troubleMs + after)
      }
      case 'due': {
        const dueMs = due.nextMs()
        // After a commit it is woken; else it has said itself how long it waits.
        if (dueMs <= timeline.nowMs) return this.#isStirred ? timeline.nowMs : this.#lastMs + this.#waitMs
        return this.#troubleMs > this.#lastMs ? Math.min(dueMs, this.#tickMs(timeline.nowMs)) : dueMs
      }
    }
  }
  /** The first look after that. */
  #tickMs(atMs: number): number {
    const { everyMs } = this.#service
    return this.#lastMs + Math.ceil((atMs + 1 - this.#lastMs) / everyMs) * everyMs
  }
  #isSettling(): boolean {
    const { flights } = this.#desk.context
    for (const id of this.#world.store.accounts.keys()) if (flights.isOpen(id)) return true
    return false
  }

  #look(): void {
    this.#timer = undefined
    this.#isLooking = true
    this.#isStirred = false
    const { timeline } = this.#world
    this.#service
      .run(this.#desk, () => false)
      .then(
        (inMs) => {
          this.#waitMs = typeof inMs === 'number' ? Math.max(1, inMs) : this.#service.everyMs
        },
        (error: unknown) => {
          this.#isStirred ||= this.#wokenBy === 'commit'
          this.#waitMs = this.#service.everyMs
          this.#world.fault(`${this.#life.name} ${this.#service.name}`, error)
        },
      )
      .finally(() => {
        this.#isLooking = false
        this.#lastMs = timeline.nowMs
        this.#plan()
      })
  }
}
