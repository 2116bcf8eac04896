import type { LoginStarted } from '../../src/contracts/api.ts'
import type { Desk } from '../../src/session/desk.ts'
import { fullRights } from '../../src/session/ground/rights.ts'
import { callbackOf } from '../../src/session/login/callback.ts'
import { totpCode } from '../../src/simulator/index.ts'
import type { Chance } from './chance.ts'
import type { Household } from './households.ts'
import { type BhorProcess, Unreachable } from './process.ts'
import type { Key } from './programs.ts'
import type { SimulatedWorld } from './world.ts'

export const operator = fullRights('operator')

/** How a login goes that does not go as it should. */
export type Mishap =
  | 'none'
  /** The redirect comes several times, also to several processes. */
  | 'again'
  | 'pasted'
  | 'cancelled'
  /** Cancelled at bhor, while the redirect is on its way. */
  | 'taken back'
  | 'wrong person'
  /** Two logins side by side. */
  | 'two tabs'
  /** The link lies open too long. */
  | 'too late'
  /** Somebody else cuts in with a state that is not theirs. */
  | 'forged'
  /** The code of one account with the link of another. */
  | 'mixed up'

/** The people of a world: what they do with their accounts, and how often they try. */
export class People {
  readonly #world: SimulatedWorld
  readonly #chance: Chance
  logins = 0
  #keysMade = 0

  constructor(world: SimulatedWorld) {
    this.#world = world
    this.#chance = world.chance.fork('people')
  }
  /** Any process that serves, or at least one that should. */
  process(): BhorProcess {
    const { processes } = this.#world
    const up = processes.filter(({ isUp }) => isUp)
    return this.#chance.pick(up.length > 0 && !this.#chance.happens(0.03) ? up : processes)
  }
  async ask<T>(
    what: string,
    work: (desk: Desk) => Promise<T>,
    process = this.process(),
  ): Promise<T | undefined> {
    try {
      return await process.ask(what, work)
    } catch (error) {
      if (!(error instanceof Unreachable)) this.#world.fault(what, error)
      return undefined
    }
  }

  async newKey(accounts: readonly string[] | undefined): Promise<Key | undefined> {
    return this.ask('a key is made', async (desk) => {
      const { view, key } = await desk.keys.add(operator, {
        name: `program ${++this.#keysMade}`,
        scopes: ['read-token'],
        ...(accounts ? { accounts: [...accounts] } : {}),
      })
      return { id: view.id, text: key.reveal(), accounts }
    })
  }

  /** Tries until a session is there, as patiently as people are. */
  async logIn(household: Household, mishap: Mishap = 'none'): Promise<void> {
    for (let tries = this.#chance.between(1, 3); tries > 0; tries--) {
      const tabs = mishap === 'two tabs' ? 2 : 1
      const all = Array.from({ length: tabs }, () => this.#logInOnce(household, mishap))
      if ((await Promise.all(all)).includes(true)) return
      mishap = 'none'
      await this.#world.timeline.sleep(this.#chance.between(5_000, 120_000), `${household.alias} waits`)
    }
  }
  async #logInOnce(household: Household, mishap: Mishap): Promise<boolean> {
    const { alias, broker } = household
    const started = await this.ask(`${alias} starts a login`, (desk) =>
      desk.logins.start(operator, alias, { via: 'api' }),
    )
    if (!started) return false
    if (broker === 'angel') return this.#answer(household, started, mishap)
    const url = await this.#walk(household, started, mishap)
    if (mishap === 'taken back') void this.#takeBack(household, started)
    return url !== undefined && this.#arrive(household, url, mishap)
  }
  /** The broker's page, and how long it takes. */
  async #walk(
    { alias, broker, userId }: Household,
    { url }: LoginStarted,
    mishap: Mishap,
  ): Promise<string | undefined> {
    const { timeline, brokers } = this.#world
    const typesMs = mishap === 'two tabs' ? 5_000 : this.#chance.between(3_000, 40_000)
    await timeline.sleep(typesMs, `${alias} types`)
    const who = mishap === 'wrong person' ? brokers.get(broker).world.users.otherThan(userId).userId : userId
    let back: string
    try {
      back = brokers.walk(broker, url!, { userId: who, cancels: mishap === 'cancelled' })
    } catch {
      return undefined
    }
    const { searchParams } = new URL(back)
    const code = searchParams.get('request_token') ?? searchParams.get('code')
    if (code !== null) this.#world.codeGiven(code, alias)
    if (mishap === 'too late') await timeline.sleep(11 * 60_000, `${alias} forgets about it`)
    return back
  }
  async #arrive(household: Household, back: string, mishap: Mishap): Promise<boolean> {
    if (mishap === 'forged') void this.#arriveOnce(household, withState(back, 'bm90IG91cnM.bm90IG91cnM'))
    if (mishap === 'mixed up') return this.#mixUp(household, back)
    if (mishap === 'pasted') return this.#paste(household, back)
    if (mishap !== 'again') return this.#arriveOnce(household, back)
    // At once, or when somebody loads the page again.
    const all = Array.from({ length: this.#chance.between(2, 4) }, async () => {
      const laterMs = this.#chance.pick([0, 0, 300, 3_000, 40_000])
      await this.#world.timeline.sleep(laterMs, `${household.alias} loads the page`)
      return this.#arriveOnce(household, back)
    })
    return (await Promise.all(all)).includes(true)
  }
  async #takeBack({ alias }: Household, { login }: LoginStarted): Promise<void> {
    await this.#world.timeline.sleep(this.#chance.between(0, 30), `${alias} thinks better of it`)
    await this.ask(`${alias} cancels`, (desk) => desk.logins.cancel(operator, alias, login))
  }
  async #arriveOnce({ alias, broker }: Household, back: string): Promise<boolean> {
    const callback = callbackOf(new URL(back).search.slice(1))
    const done = await this.ask(`the redirect of ${alias}`, (desk) =>
      desk.logins.complete(fullRights('broker', broker), broker, callback),
    )
    if (done) this.#started(done.account.account, done.account.generation)
    return done !== undefined
  }
  async #paste({ alias }: Household, back: string): Promise<boolean> {
    const view = await this.ask(`the pasted address of ${alias}`, (desk) =>
      desk.logins.paste(operator, alias, back),
    )
    if (view) this.#started(alias, view.generation)
    return view !== undefined
  }
  /** Somebody sends the code of this login to the link of another account of theirs. */
  async #mixUp(household: Household, back: string): Promise<boolean> {
    const { households } = this.#world
    const other = this.#chance.pick(households.filter(({ broker }) => broker === household.broker))
    if (other === household) return this.#arriveOnce(household, back)
    const started = await this.ask(`${other.alias} starts a login too`, (desk) =>
      desk.logins.start(operator, other.alias, { via: 'api' }),
    )
    const state = started?.url && stateIn(started.url)
    return state ? this.#arriveOnce(other, withState(back, state)) : false
  }
  /** No page: bhor asks, or knows already. */
  async #answer(
    { alias, pin, totpSeed }: Household,
    started: LoginStarted,
    mishap: Mishap,
  ): Promise<boolean> {
    if (started.asks.length === 0) return started.status === 'done'
    const { timeline } = this.#world
    await timeline.sleep(this.#chance.between(2_000, 20_000), `${alias} types`)
    const answers = {
      pin: mishap === 'wrong person' ? '9999' : pin,
      totp: totpCode(totpSeed, Temporal.Instant.fromEpochMilliseconds(timeline.nowMs)),
    }
    const answer = () =>
      this.ask(`${alias} answers`, (desk) => desk.logins.answer(operator, alias, started.login, answers))
    const views = await Promise.all(mishap === 'again' ? [answer(), answer()] : [answer()])
    const done = views.find((view) => view?.status === 'done')
    if (done) this.#started(alias, done.generation)
    return done !== undefined
  }
  #started(alias: string, generation: number): void {
    this.logins++
    this.#world.guarded(() => this.#world.answers.started(alias, generation))
  }

  async test({ alias }: Household): Promise<void> {
    await this.ask(`${alias} presses test`, (desk) => desk.sessions.test(operator, alias))
  }
  async renew({ alias }: Household): Promise<void> {
    this.#wantsRenewal(alias)
    const view = await this.ask(`${alias} renews`, (desk) => desk.sessions.renew(operator, alias))
    if (view) this.#started(alias, view.generation)
  }
  #wantsRenewal(alias: string): void {
    for (const account of this.#world.store.accounts.values())
      if (account.alias === alias) this.#world.counts.pressed(account.id)
  }
  async logOut({ alias }: Household): Promise<void> {
    this.#world.asks('logout', alias)
    await this.ask(`${alias} logs out`, (desk) => desk.sessions.logout(operator, alias))
  }
  /** Stops trading with an account for a while, or until somebody says so, mostly with all that can order. */
  async pause({ alias }: Household): Promise<void> {
    await this.ask(`${alias} is paused`, (desk) => desk.gates.set(operator, alias, this.#stop()))
    await this.#world.timeline.sleep(this.#chance.between(60_000, 4 * 3_600_000), `${alias} is paused`)
    await this.ask(`${alias} goes on`, (desk) => desk.gates.set(operator, alias, { state: 'open' }))
  }
  async kill(): Promise<void> {
    const { state, reason } = this.#stop()
    await this.ask('all is stopped', (desk) => desk.gates.setHouse(operator, { state, reason }))
    for (let isStopped = true; isStopped; ) {
      await this.#world.timeline.sleep(this.#chance.between(60_000, 3_600_000), 'all is stopped')
      const gate = await this.ask('all goes on', (desk) => desk.gates.setHouse(operator, { state: 'open' }))
      isStopped = gate === undefined
    }
  }
  #stop() {
    const isTimed = this.#chance.happens(0.4)
    const untilMs = this.#world.timeline.nowMs + this.#chance.between(5 * 60_000, 3_600_000)
    return {
      state: 'closed',
      reason: 'somebody wants to look',
      withhold: this.#chance.happens(0.8),
      ...(isTimed ? { until: new Date(untilMs).toISOString() } : {}),
    } as const
  }
  /** A login to another program, a master logout: bhor is told nothing. */
  killElsewhere({ alias, broker, app, userId }: Household): void {
    this.#world.timeline.note(`${alias} is logged out elsewhere`)
    this.#world.brokers.killSession(broker, app.apiKey, userId)
  }
  /** New at the broker at once, at bhor when somebody thinks of it. */
  async changeSecret(household: Household): Promise<void> {
    const { alias, app } = household
    if (!app.apiSecret) return
    const apiSecret = Buffer.from(this.#chance.random().bytes(12)).toString('hex')
    for (const one of this.#world.households)
      if (one.app === app && one !== household) one.app = { ...app, apiSecret }
    household.app = { ...app, apiSecret }
    this.#world.brokers.register(household.app)
    await this.#world.timeline.sleep(this.#chance.between(1_000, 3_600_000), `${alias} has a new secret`)
    // By what was wrong before, renewals may have been given up: they are tried once more, those of all its accounts.
    for (const one of this.#world.households) if (one.app.apiKey === app.apiKey) this.#wantsRenewal(one.alias)
    await this.ask(`${alias} tells bhor its new secret`, (desk) =>
      desk.accounts.edit(operator, alias, { app: { apiSecret } }),
    )
  }
  /** Everything of it goes, and comes again. */
  async removeAndAdd(household: Household): Promise<void> {
    const { alias, input, app } = household
    this.#world.asks('removal', alias)
    await this.ask(`${alias} is removed`, (desk) => desk.accounts.remove(operator, alias))
    await this.#world.timeline.sleep(this.#chance.between(1_000, 600_000), `${alias} is gone`)
    const secret = app.apiSecret ? { apiSecret: app.apiSecret } : {}
    await this.ask(`${alias} is added`, (desk) =>
      desk.accounts.add(operator, { ...input, app: { apiKey: app.apiKey, ...secret } }),
    )
  }
}

/** The state that a login page was opened with, wherever that broker keeps it. */
function stateIn(url: string): string | null {
  const { searchParams } = new URL(url)
  return (
    searchParams.get('state') ?? new URLSearchParams(searchParams.get('redirect_params') ?? '').get('state')
  )
}
function withState(back: string, state: string): string {
  const url = new URL(back)
  url.searchParams.set('state', state)
  return url.href
}
