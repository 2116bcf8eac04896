import type { AccountView, HandOut, LoginView } from '../../src/contracts/api.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Desk } from '../../src/session/desk.ts'
import { fullRights } from '../../src/session/ground/rights.ts'
import { callbackOf } from '../../src/session/login/callback.ts'
import { totpCode } from '../../src/simulator/index.ts'
import { families } from '../contract-families/family.ts'
import { contextOver, type Domain, type DomainOptions, openDomain, operator } from '../support/domain.ts'
import type { Effects } from './effects.ts'
import { echo, type PlayedBrokers } from './played-brokers.ts'
import type { Got, LoginWish, Run, Scenario } from './scenario.ts'

const adapters = Object.values(families)

/** What a scenario is played on. */
export interface Stage {
  readonly scenario: Scenario
  readonly broker: string
  readonly home: string
  readonly clock: ManualClock
  readonly brokers: PlayedBrokers
  /** That which has arranged it. */
  readonly run?: Run
}

/** A process that a test can replace by the next one. */
export class Played implements Run {
  readonly home: string
  readonly clock: ManualClock
  readonly brokers: PlayedBrokers
  readonly broker: string
  readonly kept: Record<string, string>
  readonly got: Got
  isDone = false
  /** The numbers of the events that this process has told of. */
  readonly published: number[] = []
  readonly #stage: Stage
  #domain: Domain | undefined
  #other: Desk | undefined

  constructor(stage: Stage) {
    this.#stage = stage
    this.home = stage.home
    this.clock = stage.clock
    this.brokers = stage.brokers
    this.broker = stage.broker
    const nothing = { generations: new Map(), tokens: [], keys: [] }
    const { kept = {}, got = nothing } = stage.run ?? {}
    this.kept = { ...kept }
    this.got = structuredClone(got)
  }
  get domain(): Domain {
    return this.#domain!
  }
  get other(): Desk {
    return this.#other!
  }
  get isOpen(): boolean {
    return this.#domain !== undefined
  }
  async open(effects?: Effects): Promise<void> {
    const { scenario, home, clock, brokers } = this.#stage
    const all = adapters.map((family) => ({ broker: family.broker }))
    const { adapter } = scenario
    const options: DomainOptions = {
      home,
      clock,
      simulator: brokers,
      net: effects ? effects.net(brokers.net) : brokers.net,
      egressEcho: async () => [echo],
      families: adapter ? [...all, { broker: adapter }] : all,
    }
    const { isShared = false } = scenario
    const wrap: NonNullable<DomainOptions['wrap']> = (store) => {
      const seen = effects ? effects.store(store) : store
      return isShared ? { ...seen, isShared } : seen
    }
    this.#domain = await openDomain({ ...options, wrap })
    this.domain.context.feed.subscribe((events) => this.published.push(...events.map(({ seq }) => seq)))
    if (isShared) this.#other = await beside(this.#domain, brokers)
  }
  async close(): Promise<void> {
    const domain = this.#domain
    this.#domain = undefined
    this.#other = undefined
    await domain?.[Symbol.asyncDispose]()
  }

  addAccount(account: string, more: object = {}): Promise<AccountView> {
    const { broker } = this
    return this.domain.desk.accounts.add(operator, { account, broker, kind: 'sandbox', ...more })
  }
  async startLogin(account = 'demo', { method, via = this.domain.desk }: LoginWish = {}) {
    const how = { via: 'api', ...(method ? { method } : {}) }
    const { login: id, url, status } = await via.logins.start(operator, account, how)
    if (status === 'done') await this.#told(account)
    return { id, url }
  }
  async logIn(account = 'demo', wish: LoginWish = {}): Promise<AccountView> {
    const { via = this.domain.desk } = wish
    const userId = wish.userId ?? (await this.view(account)).userId
    const { id, url } = await this.startLogin(account, wish)
    if (url !== null) {
      const { broker } = await this.view(account)
      await this.arrive(this.brokers.logIn(broker, url, userId ? { userId } : {}), via)
    } else {
      let view = await via.logins.get(operator, account, id)
      while (view.status === 'open') view = await this.answer(id, account)
    }
    return this.#told(account)
  }
  async arrive(callbackUrl: string, { logins }: Desk = this.domain.desk): Promise<void> {
    const { pathname, search } = new URL(callbackUrl)
    const broker = pathname.split('/').at(-1) ?? ''
    const { account } = await logins.complete(
      fullRights('broker', broker),
      broker,
      callbackOf(search.slice(1)),
    )
    await this.#told(account.account)
  }
  async answer(id: string, account = 'demo'): Promise<LoginView> {
    const { desk } = this.domain
    const { asks } = await desk.logins.get(operator, account, id)
    const { broker, userId } = await this.view(account)
    const person = this.brokers.person(broker, userId ?? undefined)
    const answers: Readonly<Record<string, () => string>> = {
      totp: () => totpCode(person.totpSeed, this.clock.now()),
      pin: () => person.pin ?? '',
      mpin: () => person.pin ?? '',
      otp: () => this.brokers.codeSentTo(broker, person.userId),
      token: () => this.kept.token ?? '',
    }
    if (asks.length === 0) this.brokers.approve(person.userId)
    const given = asks.map(({ name }) => [name, answers[name]?.() ?? ''] as const)
    const view = await desk.logins.answer(operator, account, id, Object.fromEntries(given))
    if (view.status === 'done') await this.#told(account)
    return view
  }
  async handOut(account = 'demo', principal = operator): Promise<HandOut> {
    const body = await this.domain.desk.sessions.handOut(principal, account, {})
    const handOut = JSON.parse(body.reveal()) as HandOut
    const { generation, accessToken: token } = handOut
    this.got.tokens.push({ account, generation, token })
    return handOut
  }
  view(account = 'demo'): Promise<AccountView> {
    return this.domain.desk.accounts.get(operator, account)
  }
  async recorded(action: string, result?: string): Promise<number> {
    const records = await this.domain.desk.audit.list(operator, { limit: 1000 })
    return records.filter((r) => r.action === action && (result === undefined || r.result === result)).length
  }
  async pass(ms: number): Promise<void> {
    const { keeper } = this.domain.desk
    for (let left = ms; left > 0; ) {
      const step = Math.min(left, Math.max(1, await keeper.look()))
      await this.clock.advance(step)
      left -= step
    }
    await keeper.look()
  }
  /** What the server's services do in a minute. */
  async settle(): Promise<void> {
    const { flights } = this.domain.context
    await flights.retry()
    await this.pass(61_000)
    await flights.retry()
  }
  /** Somebody has seen this account's generation. */
  async #told(account: string): Promise<AccountView> {
    const view = await this.view(account)
    this.got.generations.set(account, Math.max(view.generation, this.got.generations.get(account) ?? 0))
    return view
  }
}

/** Another process on the same store, with its own memory. */
async function beside(domain: Domain, brokers: PlayedBrokers): Promise<Desk> {
  const { vault, clock, sandbox, broker, hosts } = domain.context
  const parts = {
    vault,
    clock,
    broker,
    hosts,
    random: systemRandom,
    net: brokers.net,
    ...(sandbox && { sandbox }),
  }
  const context = await contextOver({ ...parts, store: { ...domain.store, isShared: true } })
  const desk = new Desk(context)
  await desk.keeper.start(false)
  return desk
}
