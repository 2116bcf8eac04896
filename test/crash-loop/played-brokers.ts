import { type Net, NetError, type NetReply, type NetRequest } from '../../src/contracts/net.ts'
import type { Clock } from '../../src/core/clock.ts'
import { httpDate } from '../../src/core/instant.ts'
import { seededRandom } from '../../src/core/random.ts'
import type { Answer } from '../../src/simulator/answer.ts'
import { fitsCall, type SimulatedBroker, simulate } from '../../src/simulator/broker.ts'
import { type Call, readFields } from '../../src/simulator/call.ts'
import type { SimulatedApp, SimulatedSession, SimulatedUser, Simulator } from '../../src/simulator/index.ts'
import type { Refusal } from '../../src/simulator/module.ts'
import { logInAs } from '../../src/simulator/person.ts'
import { modules } from '../../src/simulator/registry.ts'
import { World } from '../../src/simulator/world.ts'
import { families, modulesOf } from '../contract-families/family.ts'

const played = [...Object.values(modules), ...modulesOf(Object.values(families))]
const originOf = (id: string) => `http://${id}.test`
const echoHost = 'echo.test'

/** What the next call to a path meets. */
export interface Mishap {
  readonly path: string
  /** `lost`: the broker acts, and the connection is torn; `never_answered`: nobody ever hears anything. */
  readonly is: 'lost' | 'never_answered' | 'wrong_user' | Refusal
}
export interface PlayedCall {
  readonly broker: string
  readonly call: Call
  readonly status: number
}
type Deed = (brokers: PlayedBrokers) => unknown

/**
 * The simulated brokers without their sockets. All that was ever done to them is known, so that a scenario is arranged
 * once: {@link PlayedBrokers.again} gives the same brokers in the same state, with the same tokens.
 */
export class PlayedBrokers implements Pick<Simulator, 'hosts' | 'registerApp' | 'adoptSession' | 'logIn'> {
  readonly calls: PlayedCall[] = []
  /** Every session that was ever opened. */
  readonly opened: (SimulatedSession & { readonly broker: string })[] = []
  /** Tokens that somebody else has ended, which no answer has told. */
  readonly killed = new Set<string>()
  /** Tokens that the broker's own site has shown. */
  readonly shown = new Set<string>()
  readonly mishaps: Mishap[] = []
  /** By which address the world sees this computer. */
  exit = '203.0.113.7'
  readonly #deeds: { readonly atMs: number; readonly deed: Deed }[] = []
  readonly #brokers = new Map<string, SimulatedBroker>()
  readonly #clock: Clock
  #pastMs: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    for (const module of played) {
      const options = { module, hasLimits: false, origin: () => originOf(module.id), post: () => {} }
      const now = () => Temporal.Instant.fromEpochMilliseconds(this.#pastMs ?? clock.nowMs())
      const world = new World({ ...options, now, random: seededRandom(`played ${module.id}`) })
      this.#brokers.set(module.id, simulate(module, world))
      const open = world.sessions.open.bind(world.sessions)
      world.sessions.open = (session) => {
        this.opened.push({ ...session, broker: module.id })
        return open(session)
      }
    }
  }
  /** As they are now, for another clock that shows the same time. */
  again(clock: Clock): PlayedBrokers {
    const same = new PlayedBrokers(clock)
    for (const { atMs, deed } of this.#deeds) {
      same.#pastMs = atMs
      same.#do(deed)
    }
    same.#pastMs = undefined
    same.exit = this.exit
    same.calls.push(...this.calls)
    for (const token of this.killed) same.killed.add(token)
    return same
  }
  #do<T>(deed: (brokers: PlayedBrokers) => T): T {
    this.#deeds.push({ atMs: this.#pastMs ?? this.#clock.nowMs(), deed })
    return deed(this)
  }

  hosts(id: string): Record<string, string> {
    return Object.fromEntries(this.#of(id).module.hostRoles.map((role) => [role, originOf(id)]))
  }
  registerApp(app: SimulatedApp): Readonly<Record<string, string>> {
    return this.#do((brokers) => {
      const { module, world } = brokers.#of(app.broker)
      const person = world.register(app)
      return module.accountOf?.(person) ?? {}
    })
  }
  appOf(id: string, apiKey: string): SimulatedApp | undefined {
    return this.#of(id).world.apps.get(apiKey)
  }
  adoptSession(): void {}
  /** Walks through the login pages. */
  logIn(id: string, url: string, person = {}): string {
    return this.#do((brokers) => logInAs(brokers.#of(id), url, person))
  }
  /** The last who was made, or a person of this id. */
  person(id: string, userId?: string): SimulatedUser {
    const { users } = this.#of(id).world
    return (userId === undefined ? undefined : users.get(userId)) ?? users.all().at(-1)!
  }
  /** One more, who can log in through every app. */
  addPerson(id: string): SimulatedUser {
    return this.#do((brokers) => brokers.#of(id).world.users.personOf('one more'))
  }
  /** A token that the broker's own site shows to a person. */
  grant(id: string, userId: string): string {
    return this.#do((brokers) => {
      const { world } = brokers.#of(id)
      const accessToken = `granted-${world.random.bytes(12).toHex()}`
      brokers.shown.add(accessToken)
      return world.openSession({ apiKey: '', userId, accessToken }).accessToken
    })
  }
  codeSentTo(id: string, userId: string): string {
    return this.#of(id).world.codeSentTo(userId) ?? ''
  }
  approve(userId: string): void {
    const path = `/phone/${userId}/approve`
    this.#answer('approving', { ...emptyCall, method: 'POST', path })
  }
  /** Ends a token as a login elsewhere does. */
  kill(accessToken: string): void {
    this.killed.add(accessToken)
    this.#do((brokers) => {
      for (const { world } of brokers.#brokers.values()) world.sessions.end({ accessToken })
    })
  }
  isAlive(accessToken: string): boolean {
    return [...this.#brokers.values()].some(({ world }) => world.sessions.find({ accessToken }))
  }
  /** The one-time codes of all exchanges that have reached the broker, each as often as it came. */
  codes(): readonly string[] {
    return this.calls
      .filter(
        ({ broker, call }) => call.method === 'POST' && fitsCall(this.#of(broker).module.exchanges, call),
      )
      .map(({ broker, call }) =>
        JSON.stringify([broker, call.path, call.query.toString(), call.fields, call.headers]),
      )
  }

  readonly net: Net = {
    send: async (request) => {
      const url = new URL(request.url)
      if (url.hostname === echoHost) return this.#reply({ status: 200, headers: {}, body: this.exit })
      return this.#reply(await this.#arrive(url, request))
    },
  }
  #arrive(url: URL, { method, headers, body = '' }: NetRequest): Answer | Promise<Answer> {
    const id = url.hostname.replace(/\.test$/, '')
    const { pathname: path, searchParams: query } = url
    const fields = readFields(headers['content-type'] ?? '', body)
    const at = this.mishaps.findIndex((mishap) => path.endsWith(mishap.path))
    const [mishap] = at < 0 ? [] : this.mishaps.splice(at, 1)
    const grantsWrongUser = mishap?.is === 'wrong_user'
    const call: Call = { method, path, query, headers, body, fields, grantsWrongUser }
    const answer = isRefusal(mishap?.is) ? this.#of(id).module.refuse(mishap.is, {}) : this.#answer(id, call)
    this.calls.push({ broker: id, call, status: answer.status })
    if (mishap?.is === 'never_answered') return new Promise(() => {})
    if (mishap?.is === 'lost') throw new NetError('unknown', 'reset')
    return answer
  }
  #answer(id: string, call: Call): Answer {
    return this.#do((brokers) => brokers.#of(id).answer(call))
  }
  #reply({ status, headers, body: text }: Answer): NetReply {
    return { status, headers: { ...headers, date: httpDate(this.#clock.nowMs()) }, text }
  }
  #of(id: string): SimulatedBroker {
    return this.#brokers.get(id)!
  }
}

const isRefusal = (is: Mishap['is'] | undefined): is is Refusal =>
  is !== undefined && !['lost', 'never_answered', 'wrong_user'].includes(is)

/** Where an account's address is asked for. */
export const echo = `http://${echoHost}/`
const emptyCall = {
  query: new URLSearchParams(),
  headers: {},
  body: '',
  fields: {},
  grantsWrongUser: false,
} as const
