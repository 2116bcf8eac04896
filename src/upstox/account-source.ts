import type { AccountView, LoginStarted } from '../contracts/api.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import type { Bhor } from '../index.ts'
import { bareCode, broughtText } from './brought-code.ts'
import type { Config } from './config.ts'
import type { Held, Source, TokenKind } from './source.ts'

/** The events after which what is known of an account may be otherwise. */
const news = ['session.started', 'session.ended', 'account.changed', 'reset'] as const
/** The answers that say that there is no such token now. */
const noToken = [
  'session_none',
  'session_expired',
  'session_revoked',
  'session_short',
  'token_kind_unavailable',
]

/** The session of one account in bhor's data folder: sealed, recorded, watched, and shared with all of bhor. */
export class AccountSource implements Source {
  readonly #config: Config
  readonly #account: string
  #open: AsyncDisposableStack | undefined
  #opening: Promise<Bhor> | undefined
  #view: AccountView | undefined
  #login: LoginStarted | undefined

  constructor(config: Config, account: string) {
    this.#config = config
    this.#account = account
  }

  async open(): Promise<void> {
    await this.#bhor()
  }

  async prepareLogin(): Promise<void> {
    const bhor = await this.#bhor()
    await this.#look(bhor)
    if (!this.#isLive() && !this.#isPrepared()) await this.#startLogin(bhor)
  }

  loginUrl(state?: string): string {
    if (state !== undefined)
      throw new BhorError('bad_field', 'An account’s login has a state of bhor’s own.', {
        hint: 'Call getLoginUrl() without one.',
        facts: { field: 'state' },
      })
    const url = this.#isPrepared() ? this.#login?.url : undefined
    if (url) return url
    throw new BhorError('usage', `No login of ${this.#account} is prepared.`, {
      hint: 'Prepare one first: await auth.open().',
    })
  }

  async logIn(brought: string): Promise<boolean> {
    const bhor = await this.#bhor()
    const text = broughtText(brought)
    const code = bareCode(text)
    const isCode = code !== undefined && !/[/?=&]/.test(code)
    if (isCode && !this.#isPrepared()) await this.#startLogin(bhor)
    const address = isCode ? addressOf(this.#login!, code) : text
    try {
      this.#view = await bhor.completeLogin(this.#account, address)
      return true
    } finally {
      // Whatever became of it: the next one is a new one.
      this.#login = undefined
    }
  }

  held(): Held | undefined {
    if (!this.#view)
      throw new BhorError('usage', `The account ${this.#account} is not open yet.`, {
        hint: 'Open it first: await auth.open().',
      })
    const { session } = this.#view
    if (!session || session.endReason === 'logged_out') return undefined
    const { userId, userName, email, exchanges, products, orderTypes, loginTime, expiresAt, endedAt } =
      session
    return {
      userId,
      userName,
      email,
      exchanges,
      products,
      orderTypes,
      issuedAt: Temporal.Instant.from(loginTime),
      expiresAt: Temporal.Instant.from(endedAt ?? expiresAt),
    }
  }

  async token(kind: TokenKind): Promise<string | undefined> {
    const bhor = await this.#bhor()
    try {
      return (await bhor.session(this.#account, { kind })).accessToken
    } catch (error) {
      if (error instanceof BhorError && noToken.includes(error.code)) return undefined
      throw error
    } finally {
      await this.#look(bhor)
    }
  }

  async refresh(): Promise<boolean> {
    const bhor = await this.#bhor()
    await this.#look(bhor)
    if (this.#isLive()) await bhor.test(this.#account)
    else if (this.#view?.session) {
      await bhor.renew(this.#account).catch((error: unknown) => {
        if (!isBhorError(error) || !notRenewed.includes(error.code)) throw error
      })
    }
    await this.#look(bhor)
    return this.#isLive()
  }

  async logOut(): Promise<void> {
    const bhor = await this.#bhor()
    await this.#look(bhor)
    if (this.#isLive()) this.#view = await bhor.logout(this.#account)
  }

  nowMs(): number {
    return this.#config.clock.nowMs()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening?.catch(() => undefined)
    await this.#open?.disposeAsync()
    this.#opening = undefined
    this.#view = undefined
  }

  #bhor(): Promise<Bhor> {
    // Loaded where it is wanted: whoever keeps to the document's files needs no store.
    this.#opening ??= this.#start().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async #start(): Promise<Bhor> {
    const { home, clock, net } = this.#config
    const { openBhor } = await import('../index.ts')
    await using opening = new AsyncDisposableStack()
    const bhor = opening.use(await openBhor({ clock, net, ...(home === undefined ? {} : { home }) }))
    this.#view = await this.#accountIn(bhor)
    for (const event of news) {
      const look = () => void this.#look(bhor).catch(() => undefined)
      opening.use(bhor.on(event, look))
    }
    this.#open = opening.move()
    return bhor
  }

  /** Made where there is none, with the credentials that the document's ways give. */
  async #accountIn(bhor: Bhor): Promise<AccountView> {
    const view = await bhor.account(this.#account).catch((error: unknown) => {
      if (isBhorError(error, 'account_not_found')) return undefined
      throw error
    })
    if (view?.broker === 'upstox') return view
    if (view) throw new BhorError('bad_field', `The account ${this.#account} is one of ${view.brokerName}.`)
    const { clientId, clientSecret, redirectUri } = this.#config.credentials
    return bhor.addAccount({
      account: this.#account,
      broker: 'upstox',
      app: { apiKey: clientId, apiSecret: clientSecret },
      redirectUrl: redirectUri,
    })
  }

  async #look(bhor: Bhor): Promise<void> {
    this.#view = await bhor.account(this.#account)
  }

  async #startLogin(bhor: Bhor): Promise<void> {
    this.#login = await bhor.startLogin(this.#account)
  }

  #isPrepared(): boolean {
    return this.#login !== undefined && Date.parse(this.#login.expiresAt) > this.nowMs()
  }

  #isLive(): boolean {
    const held = this.held()
    return held !== undefined && this.nowMs() < held.expiresAt.epochMilliseconds
  }
}

const notRenewed = ['renewal_unavailable', 'session_revoked', 'session_none', 'bad_grant']

/** As the broker would have sent the browser there. */
function addressOf({ url, redirectUrl }: LoginStarted, code: string): string {
  const state = url === null ? null : new URL(url).searchParams.get('state')
  const address = new URL(redirectUrl)
  address.searchParams.set('code', code)
  if (state !== null) address.searchParams.set('state', state)
  return address.href
}
