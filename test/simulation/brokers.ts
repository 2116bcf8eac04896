import { kite } from '../../src/brokers/kite/index.ts'
import { upstox } from '../../src/brokers/upstox/index.ts'
import type { Broker } from '../../src/contracts/broker.ts'
import { type SimulatedBroker, simulate } from '../../src/simulator/broker.ts'
import type { Call } from '../../src/simulator/call.ts'
import type { SimulatedApp, SimulatedBrokerModule, SimulatedSession } from '../../src/simulator/index.ts'
import { logInAs, type Person } from '../../src/simulator/person.ts'
import { modules } from '../../src/simulator/registry.ts'
import { World } from '../../src/simulator/world.ts'
import { angel } from '../contract-families/angel.ts'
import { simulator as angelSimulator } from '../contract-families/angel-simulator.ts'
import type { Chance } from './chance.ts'
import type { Timeline } from './timeline.ts'

/** bhor's own adapters, and one of the family that logs in without a browser. */
export const adapters: Readonly<Record<string, Broker>> = { kite, upstox, angel }
const simulated: readonly SimulatedBrokerModule[] = [...Object.values(modules), angelSimulator]

/** A token that a broker has given, and what became of it. */
export interface Issued {
  readonly broker: string
  readonly kind: string
  readonly token: string
  readonly apiKey: string
  readonly userId: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  endedAtMs: number | undefined
}

/** The simulated brokers without their sockets, and what is true about every token that they have ever given. */
export class Brokers {
  readonly #brokers = new Map<string, SimulatedBroker>()
  readonly #issued = new Map<string, Issued>()
  readonly #living = new Set<Issued>()
  readonly #killed = new Set<string>()
  readonly #timeline: Timeline

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline
    const now = () => Temporal.Instant.fromEpochMilliseconds(timeline.nowMs)
    for (const module of simulated) {
      const random = chance.fork(module.id).random()
      const world = new World({
        module,
        now,
        random,
        hasLimits: true,
        origin: () => originOf(module.id),
        post() {},
      })
      this.#brokers.set(module.id, simulate(module, world))
      this.#watch(module.id, world)
    }
  }
  get(id: string): SimulatedBroker {
    return this.#brokers.get(id)!
  }
  hosts(id: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.get(id).module.hostRoles.map((role) => [role, originOf(id)]))
  }
  register(app: SimulatedApp) {
    return this.get(app.broker).world.register(app)
  }
  answer(id: string, call: Call) {
    return this.get(id).answer(call)
  }
  /** As a person walks through the login pages: the address where the browser ends. @throws BhorError `login_refused` */
  walk(id: string, loginUrl: string, person: Person): string {
    return logInAs(this.get(id), loginUrl, person)
  }
  /** What a master logout does, or somebody's login elsewhere. */
  killSession(id: string, apiKey: string, userId: string): void {
    for (const issued of this.#living)
      if (isLike(issued, { kind: 'access', apiKey, userId }) && issued.broker === id)
        this.#killed.add(issued.token)
    this.get(id).world.sessions.end({ kind: 'access', apiKey, userId })
  }
  /** Whether this token was ended from outside, of which bhor is told nothing. */
  wasKilled(token: string): boolean {
    return this.#killed.has(token)
  }
  issued(token: string): Issued | undefined {
    return this.#issued.get(token)
  }
  allIssued(): Iterable<Issued> {
    return this.#issued.values()
  }
  isAlive(token: string, atMs = this.#timeline.nowMs): boolean {
    const issued = this.#issued.get(token)
    return issued !== undefined && issued.endedAtMs === undefined && atMs < issued.expiresAtMs
  }

  /** The broker's own lists tell what is so; this tells since when. */
  #watch(broker: string, { sessions }: World): void {
    const open = sessions.open.bind(sessions)
    const end = sessions.end.bind(sessions)
    sessions.end = (like) => {
      for (const issued of this.#living) {
        if (issued.broker !== broker || !isLike(issued, like)) continue
        issued.endedAtMs = this.#timeline.nowMs
        this.#timeline.note(`${broker} ends a session of ${issued.userId} with ${issued.apiKey}`)
        this.#living.delete(issued)
      }
      return end(like)
    }
    sessions.open = (session: SimulatedSession) => {
      const opened = open(session)
      this.#timeline.note(`${broker} opens a session of ${session.userId} with ${session.apiKey}`)
      const issued: Issued = {
        broker,
        kind: session.kind,
        token: session.accessToken,
        apiKey: session.apiKey,
        userId: session.userId,
        issuedAtMs: session.issuedAt.epochMilliseconds,
        expiresAtMs: Math.min(session.expiresAt.epochMilliseconds, dayEndMs(broker, session.issuedAt)),
        endedAtMs: undefined,
      }
      this.#issued.set(issued.token, issued)
      this.#living.add(issued)
      for (const old of this.#living) if (old.expiresAtMs <= this.#timeline.nowMs) this.#living.delete(old)
      return opened
    }
  }
}

/** Minutes after midnight in India at which a broker's day ends. */
export const dayEnds: Readonly<Record<string, number>> = { kite: 6 * 60, upstox: 3 * 60 + 30, angel: 0 }

/** When a session that was granted then ends at the latest, by integers alone: what bhor and its simulators reckon is held against it. */
function dayEndMs(broker: string, { epochMilliseconds }: Temporal.Instant): number {
  const dayMs = 24 * 3_600_000
  const endsMs = (dayEnds[broker]! - 5.5 * 60) * 60_000
  return endsMs + (Math.floor((epochMilliseconds - endsMs) / dayMs) + 1) * dayMs
}

function isLike({ token, ...issued }: Issued, like: Partial<SimulatedSession>): boolean {
  const all: Readonly<Record<string, unknown>> = { ...issued, accessToken: token }
  return Object.entries(like).every(([name, value]) => all[name] === value)
}

const originOf = (id: string) => `http://${id}.simulated`
/** Which broker an address belongs to. */
export const brokerAt = (hostname: string) => hostname.slice(0, hostname.indexOf('.'))
