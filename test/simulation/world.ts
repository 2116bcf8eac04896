import type { Vault } from '../../src/contracts/secrets.ts'
import { AnswerWatch } from './answer-watch.ts'
import { Brokers } from './brokers.ts'
import { Calls } from './call-watch.ts'
import { Chance } from './chance.ts'
import { Due } from './due.ts'
import { FaultPlan, type FaultRates } from './fault-plan.ts'
import { type Household, settle } from './households.ts'
import type { CallWatch } from './network.ts'
import { BhorProcess } from './process.ts'
import { SharedDatabase } from './shared-database.ts'
import { SharedStore } from './shared-store.ts'
import { StoreWatch } from './store-watch.ts'
import type { Timeline } from './timeline.ts'
import { holds } from './violation.ts'

const dayMs = 24 * 3_600_000
/** A day: several times what the worst one takes. */
const mostSteps = 5_000

export interface WorldOptions {
  readonly timeline: Timeline
  readonly chance: Chance
  readonly rates?: FaultRates
  readonly processes: readonly string[]
  /** What is stored from the beginning. */
  readonly fill?: (database: SharedDatabase) => void
}

/** Several processes of bhor over one store, the brokers, and who watches them all from outside. */
export class SimulatedWorld implements Disposable {
  readonly timeline: Timeline
  readonly chance: Chance
  readonly faults: FaultPlan
  readonly shared: SharedStore
  readonly brokers: Brokers
  readonly due: Due
  readonly store: StoreWatch
  readonly answers: AnswerWatch
  readonly calls: CallWatch
  readonly counts: Calls
  readonly processes: readonly BhorProcess[]
  readonly households: readonly Household[]
  readonly database: SharedDatabase
  /** Until when a broker is out of order. */
  readonly #out = new Map<string, number>()
  readonly #asked = new Set<string>()
  readonly #codes = new Map<string, string>()
  #wrong: unknown

  private constructor(database: SharedDatabase, { timeline, chance, rates, processes, fill }: WorldOptions) {
    this.timeline = timeline
    this.chance = chance
    this.faults = new FaultPlan(chance.fork('faults'), rates)
    this.brokers = new Brokers(timeline, chance.fork('brokers'))
    this.database = database
    this.due = new Due(database)
    this.store = new StoreWatch(database, {
      nowMs: () => timeline.nowMs,
      brokers: this.brokers,
      wasAsked: (what, accountId) => this.#asked.has(`${what} ${accountId}`),
    })
    fill?.(database)
    this.store.committed('beginning', 'nobody')
    this.answers = new AnswerWatch(this.store, this.brokers, () => timeline.nowMs)
    this.counts = new Calls({
      accountOf: (code) => this.store.accountOfToken.get(code) ?? this.#codes.get(code),
      holderOf: (token) => this.#holderOf(token),
      wayOf: (broker, apiKey) => ways.get(`${broker} ${apiKey}`),
    })
    this.calls = {
      sent: (life, broker, call, egress) => {
        const sent = this.guarded(() => this.counts.sent(life, broker, call, egress))
        return {
          arrived: (answer) => this.guarded(() => sent.arrived(answer)),
          heard: (answer) => this.guarded(() => sent.heard(answer)),
          over: () => this.guarded(() => sent.over()),
        }
      },
    }
    this.shared = new SharedStore(database, (kind, by) => this.guarded(() => this.#committed(kind, by)))
    this.households = settle(this.brokers, new Chance('households'))
    const ways = new Map(this.households.map(({ broker, app, way }) => [`${broker} ${app.apiKey}`, way]))
    this.processes = processes.map((name) => new BhorProcess(this, name))
  }
  static async open(options: WorldOptions): Promise<SimulatedWorld> {
    return new SimulatedWorld(await SharedDatabase.open(options.timeline.nowMs), options)
  }

  /** After every step. @throws Violation the first that any check has found */
  holds(): void {
    if (this.#wrong !== undefined) throw this.#wrong
    holds(!this.shared.isInTransaction, () => 'I7 a transaction waits for something that is not in the store')
    holds(
      this.timeline.steps < mostSteps + (this.timeline.elapsedMs / dayMs) * mostSteps,
      () => 'I10 somebody does the same again and again',
    )
  }
  /** Runs a check from outside; nobody inside may swallow what it finds. */
  guarded<T>(check: () => T): T {
    try {
      return check()
    } catch (error) {
      this.found(error)
      throw error
    }
  }
  /** The first that is found counts. */
  found(error: unknown): void {
    this.#wrong ??= error
  }
  fault(what: string, error: unknown): void {
    this.timeline.note(`${what}: ${(error as { code?: string }).code ?? String(error)}`)
    this.guarded(() => this.answers.fault(what, error))
  }
  opened(vault: Vault): void {
    this.store.vault ??= vault
  }
  /** Somebody is about to ask for this. */
  asks(what: 'logout' | 'removal', alias: string): void {
    for (const account of this.store.accounts.values())
      if (account.alias === alias) this.#asked.add(`${what} ${account.id}`)
  }
  /** The broker has given this code to whoever logs in for that account. */
  codeGiven(code: string, alias: string): void {
    for (const account of this.store.accounts.values())
      if (account.alias === alias) this.#codes.set(code, account.id)
  }
  /** Whose live session this token is, by what is stored. */
  #holderOf(token: string): string | undefined {
    const accountId = this.store.accountOfToken.get(token) ?? ''
    const latest = this.store.latest.get(accountId)
    const isLive = latest?.issued.token === token && latest.status === 'active'
    return isLive ? this.store.accounts.get(accountId)?.alias : undefined
  }
  isOut(broker: string): boolean {
    return (this.#out.get(broker) ?? 0) > this.timeline.nowMs
  }
  breaks(broker: string, ms: number): void {
    this.timeline.note(`${broker} is out of order for ${ms} ms`)
    this.#out.set(broker, this.timeline.nowMs + ms)
  }
  /** Nothing is wrong any more, from here on until {@link FaultPlan.isCalm} is taken back. */
  calm(): void {
    this.timeline.note('all is calm')
    this.faults.isCalm = true
    this.#out.clear()
    for (const process of this.processes) process.heal()
  }
  storm(): void {
    this.timeline.note('the calm is over')
    this.faults.isCalm = false
  }
  #committed(kind: string, by: string): void {
    const isNews = this.store.committed(kind, by)
    if (kind === 'audit') return
    this.due.changed()
    for (const process of this.processes) process.stirred(by, isNews)
  }
  [Symbol.dispose](): void {
    this.database[Symbol.dispose]()
  }
}

/** Lets the world go on until then. */
export async function pass(world: SimulatedWorld, untilMs: number): Promise<void> {
  while (await world.timeline.step(untilMs)) world.holds()
}

/** Lets the world go on until that is done. */
export async function until<T>(world: SimulatedWorld, work: Promise<T>): Promise<T> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  done.catch(() => {})
  await world.timeline.settle()
  while (!isDone) {
    if (!(await world.timeline.step(Number.MAX_SAFE_INTEGER))) break
    world.holds()
  }
  return done
}
