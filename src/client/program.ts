import type {
  AccountGate,
  AccountView,
  AddAccount,
  HandOut,
  LoginStarted,
  TestResult,
} from '../contracts/api.ts'
import type { Bhor, CallWish, SessionWish, WaitWish } from '../contracts/client.ts'
import type { AnswerOf, ArgumentsOf } from '../contracts/endpoints.ts'
import type { FeedEventName, FeedEvents } from '../contracts/events.ts'
import type { PortfolioView } from '../contracts/portfolio.ts'
import type { Clock } from '../core/clock.ts'
import { durationMs } from '../core/duration.ts'
import { SingleFlight } from '../core/single-flight.ts'
import { Follower } from './follower.ts'
import type { Asked, Line } from './line.ts'
import { Memory } from './memory.ts'
import { RenewedCalls } from './renewed-calls.ts'
import { Turns } from './turns.ts'
import { untilReady } from './until-ready.ts'

export interface ProgramOptions {
  readonly line: Line
  /** Its timers do not keep the process alive. */
  readonly clock: Clock
  /** Its timers do: for whoever is waited for. */
  readonly waitingClock: Clock
  /** Ends what is behind the line. */
  readonly close?: () => Promise<void>
}

/** One program's bhor, over a desk or in process: what it was handed, what it follows, its calls at the brokers. */
export class Program implements Bhor {
  readonly #line: Line
  readonly #waitingClock: Clock
  readonly #clock: Clock
  readonly #close: () => Promise<void>
  readonly #memory: Memory
  readonly #follower: Follower
  readonly #calls: RenewedCalls
  readonly #handOuts = new SingleFlight<HandOut>()
  #isClosed = false

  constructor({ line, clock, waitingClock, close = async () => {} }: ProgramOptions) {
    this.#line = line
    this.#clock = clock
    this.#waitingClock = waitingClock
    this.#close = close
    this.#memory = new Memory(clock)
    this.#follower = new Follower(line, clock, this.#memory)
    this.#calls = new RenewedCalls({
      line,
      clock: waitingClock,
      turns: new Turns(waitingClock, line.fault),
      session: (account) => this.session(account),
      peek: (account) => this.peek(account),
      drop: (account) => this.#memory.drop(account),
    })
  }

  /** Follows the feed from now on, also before anybody asks for anything. */
  follow(): void {
    this.#follower.start()
  }

  accounts(): Promise<AccountView[]> {
    return this.#ask('GET /v1/accounts')
  }
  account(account: string): Promise<AccountView> {
    return this.#ask('GET /v1/accounts/{account}', of(account))
  }
  addAccount(body: AddAccount): Promise<AccountView> {
    return this.#ask('POST /v1/accounts', { body })
  }
  startLogin(account: string): Promise<LoginStarted> {
    const body = { via: 'api' } as const
    return this.#ask('POST /v1/accounts/{account}/login', { ...of(account), body })
  }
  completeLogin(account: string, address: string): Promise<AccountView> {
    const input = { ...of(account), body: { address } }
    return this.#replacing(account, this.#ask('POST /v1/accounts/{account}/login/complete', input))
  }
  async session(account: string, wish: SessionWish = {}): Promise<HandOut> {
    const { kind = 'access' } = wish
    const minLifeMs = this.#minLifeMs(wish)
    const held = kind === 'access' ? this.peek(account) : undefined
    if (held && Date.parse(held.expiresAt) - this.#clock.nowMs() >= minLifeMs) return held
    return this.#handOuts.run(`${account} ${kind} ${minLifeMs}`, () =>
      this.#handOut(account, kind, minLifeMs),
    )
  }
  peek(account: string): HandOut | undefined {
    return this.#memory.peek(account)
  }
  withSession<Answer>(
    account: string,
    call: (session: HandOut) => Answer | Promise<Answer>,
    wish?: CallWish,
  ): Promise<Answer> {
    return this.#calls.run(account, call, wish)
  }
  gate(account: string): Promise<AccountGate> {
    return this.#ask('GET /v1/accounts/{account}/gate', of(account))
  }
  async wait(account: string, wish: WaitWish = {}): Promise<AccountView> {
    const parts = { line: this.#open, clock: this.#waitingClock, follower: this.#follower }
    return untilReady(parts, account, wish)
  }
  test(account: string): Promise<TestResult> {
    return this.#ask('POST /v1/accounts/{account}/test', of(account))
  }
  renew(account: string): Promise<AccountView> {
    const asking = this.#ask('POST /v1/accounts/{account}/renew', of(account))
    return this.#replacing(account, asking)
  }
  logout(account: string): Promise<AccountView> {
    const asking = this.#ask('DELETE /v1/accounts/{account}/session', of(account))
    return this.#replacing(account, asking)
  }
  portfolio(): Promise<PortfolioView> {
    return this.#ask('GET /v1/portfolio')
  }
  on<Name extends FeedEventName>(event: Name, listener: (data: FeedEvents[Name]) => void): Disposable {
    return this.#follower.on(event, listener)
  }
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#follower.end()
    await this.#close()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Nothing that this call does is missed by a listener that was there before it. */
  async #ask<E extends Asked>(endpoint: E, ...input: ArgumentsOf<E>): Promise<AnswerOf<E>> {
    const line = this.#open
    if (this.#follower.isReliedOn) await this.#follower.ready(this.#waitingClock)
    return line.ask(endpoint, ...input)
  }

  async #handOut(account: string, kind: string, minLifeMs: number): Promise<HandOut> {
    const line = this.#open
    await this.#follower.ready(this.#waitingClock)
    const { mark } = this.#memory
    const handOut = await line.ask('GET /v1/accounts/{account}/session', {
      ...of(account),
      query: {
        ...(kind === 'access' ? {} : { kind }),
        ...(minLifeMs === 0 ? {} : { min_life: `${Math.ceil(minLifeMs / 1000)}s` }),
      },
    })
    if (kind === 'access') this.#memory.keep(handOut, mark)
    return handOut
  }

  /** The feed tells of it a moment later: nobody who looks behind this shall see the token of before. */
  #replacing(account: string, asking: Promise<AccountView>): Promise<AccountView> {
    return asking.finally(() => this.#memory.drop(account))
  }

  #minLifeMs({ minLife, minLifeMs = 0 }: SessionWish): number {
    const ms = minLife === undefined ? minLifeMs : durationMs(minLife)
    if (ms !== undefined && ms >= 0) return ms
    const hint = 'Write 90s, 20m or 1h.'
    throw this.#line.fault('bad_field', 'minLife must be a number with a unit, at most 24h.', { hint })
  }

  get #open(): Line {
    if (!this.#isClosed) return this.#line
    throw this.#line.fault('stopping', 'This program has closed its bhor.', { hint: 'Open another one.' })
  }
}

function of(account: string) {
  return { params: { account } }
}
