import { upstox } from '../brokers/upstox/index.ts'
import type { BrokerRequest, CallSite, Grant, SignContext, Values } from '../contracts/broker.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { JudgedClock } from '../core/judged-clock.ts'
import { type Answered, addressOf, callBroker, errorOfVerdict } from '../session/ground/broker-call.ts'
import { exchangeError } from '../session/login/exchange.ts'
import type { Config } from './config.ts'
import type { Credentials } from './credentials.ts'
import { Logger } from './logger.ts'
import type { StoredSession } from './token-format.ts'

const login = upstox.logins[0]

/** What the document's files ask Upstox, by the same adapter and the same engine as all of bhor. */
export class BrokerLine {
  readonly #config: Config
  readonly #clock: JudgedClock

  constructor(config: Config) {
    this.#config = config
    this.#clock = new JudgedClock(config.clock)
  }

  /** This computer's, unless Upstox has named another time. */
  get clock(): Clock {
    return this.#clock
  }

  loginUrl(credentials: Credentials, state: string): string {
    return addressOf(login.loginUrl({ ...this.#context(credentials), state }), this.#hosts)
  }

  /** @throws BhorError `bad_grant`, `answer_lost`, `app_invalid`, `bad_token_shape`, `broker_…` */
  async exchange(credentials: Credentials, code: string): Promise<Grant> {
    const context = this.#context(credentials, { code })
    const [step] = login.steps
    const answered = await this.#ask(step.request(context), 'exchange', 'was sent the one-time code')
    const result = step.read(answered.reply, context)
    if ('grant' in result) return told(result.grant)
    throw new BhorError('internal', 'The login ended without a session.')
  }

  /** @throws BhorError `bad_grant`, `answer_lost`, `broker_…` */
  async renew(credentials: Credentials, refresh: string): Promise<Grant> {
    const session = this.#session({ refresh }, credentials)
    const answered = await this.#ask(upstox.renewal.request(session), 'renewal', 'was asked for a renewal')
    return told(upstox.renewal.read(answered.reply, session))
  }

  /** Undefined where Upstox has not said. */
  async isAlive(stored: StoredSession): Promise<boolean | undefined> {
    const session = this.#session(stored.tokens())
    const request = upstox.sign(upstox.probe.request(session), session)
    // What does not answer says nothing about the session.
    const { verdict } = (await this.#send(request, 'probe').catch(() => undefined)) ?? {}
    if (verdict?.kind === 'ok') return true
    return verdict?.kind === 'expired' ? false : undefined
  }

  /** A session that has ended before is logged out as well. @throws BhorError `broker_…` */
  async logOut(stored: StoredSession): Promise<void> {
    const session = this.#session(stored.tokens())
    const request = upstox.logout.request(session)
    const { reply, verdict } = await this.#send(request, 'logout').catch((error: unknown) => {
      throw exchangeError(upstox, error, 'was asked to log out')
    })
    if (verdict.kind !== 'ok' && verdict.kind !== 'expired')
      throw errorOfVerdict(upstox, verdict, reply.status)
  }

  get #hosts(): Readonly<Record<string, string>> {
    return { ...upstox.hosts, api: this.#config.baseUrl }
  }

  #context({ clientId, clientSecret, redirectUri }: Credentials, vars: Values = {}) {
    const app = { apiKey: clientId, apiSecret: clientSecret }
    return { app, account: {}, redirectUrl: redirectUri, vars, now: this.#clock.now() }
  }

  #session(tokens: Values, credentials?: Credentials): SignContext {
    const app = credentials ? this.#context(credentials).app : {}
    return { app, account: {}, tokens, userId: '', now: this.#clock.now() }
  }

  async #ask(request: BrokerRequest, site: CallSite, asked: string): Promise<Answered> {
    const answered = await this.#send(request, site).catch((error: unknown) => {
      throw exchangeError(upstox, error, asked)
    })
    const { reply, verdict } = answered
    if (verdict.kind !== 'ok') throw errorOfVerdict(upstox, verdict, reply.status)
    return answered
  }

  async #send(request: BrokerRequest, site: CallSite): Promise<Answered> {
    const { net, baseUrl } = this.#config
    const isSandbox = baseUrl.startsWith('http:')
    const way = { hosts: this.#hosts, baseUrl: '', isSandbox }
    const answered = await callBroker({ net, clock: this.#clock }, upstox, request, site, way)
    Logger.get().info(`${request.method} ${request.path}: HTTP ${answered.reply.status}`)
    return answered
  }
}

function told(grant: Grant): Grant {
  for (const kind of grant.leftOut ?? [])
    Logger.get().warning(`Upstox sent a token of kind ${kind} in a shape that no token has. It is left out.`)
  return grant
}
