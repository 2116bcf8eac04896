import type { AccountView, LoginStarted, LoginView } from '../../contracts/api.ts'
import type { CallbackReading, LoginMethod } from '../../contracts/broker.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { accountFor } from '../accounts/account.ts'
import { accountView } from '../accounts/view.ts'
import type { SessionContext } from '../ground/context.ts'
import { lineTo } from '../ground/line.ts'
import { proven } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { checkAnswers } from './answers.ts'
import { type Callback, callbackInput, callbackOf } from './callback.ts'
import { CallbackRefusals } from './callback-refusals.ts'
import { type Advanced, advanceLogin } from './exchange.ts'
import { awaitsRedirect, carryOf, methodOf, openAsks, promptView } from './methods.ts'
import { endLogin, loginOf, startLogin } from './pending.ts'
import { invalidState, loginOfCallback, redirectOf } from './redirected.ts'
import { loginView } from './view.ts'

/** The logins of this store's accounts, from the wish to the session. */
export class Logins {
  readonly #context: SessionContext
  readonly #refusals: CallbackRefusals

  constructor(context: SessionContext) {
    this.#context = context
    this.#refusals = new CallbackRefusals(context)
  }

  /**
   * Starts a login. Where a person has nothing to give it is finished at once.
   *
   * @throws BhorError `clock_wrong`, `bad_field` for a method that the broker does not have, `broker_…`
   */
  async start(
    principal: Principal,
    alias: string,
    { via, method: kind }: { readonly via: string; readonly method?: string },
  ): Promise<LoginStarted> {
    const context = this.#context
    const account = await accountFor(context, principal, 'login', alias)
    const line = await lineTo(context, account)
    const method = methodOf(line.broker, kind)
    const { login, page, carry } = await startLogin(context, principal, line, method, via)
    const asks = openAsks({ context, line }, method, carry)
    const isSilent = method.kind === 'direct' && asks.length === 0
    const advanced = isSilent
      ? await advanceLogin(context, principal, { line, method, login, carry, brought: {}, secretVars: [] })
      : undefined
    const view = await this.#view(account, advanced?.session ? login.id : (advanced?.login ?? login))
    return {
      login: login.id,
      account: account.alias,
      broker: account.broker,
      kind: account.kind,
      method: method.kind,
      url: page,
      redirectUrl: account.redirectUrl,
      expiresAt: view.expiresAt,
      status: view.status,
      asks: view.asks,
    }
  }

  async get(principal: Principal, alias: string, loginId: string): Promise<LoginView> {
    return this.#view(await accountFor(this.#context, principal, 'login', alias), loginId)
  }

  /** Ends a pending login that nobody wants any more. */
  async cancel(principal: Principal, alias: string, loginId: string): Promise<void> {
    const context = this.#context
    const account = await accountFor(context, principal, 'login', alias)
    const login = await loginOf(context, account, loginId)
    const ending = { status: 'cancelled', outcome: 'cancelled', action: 'login.cancel' } as const
    await endLogin(context, principal.actor, account, login, ending)
  }

  /**
   * Goes on with what a person was asked for; with no answers it looks whether an approval has come.
   *
   * @throws BhorError `not_answered`, `unknown_field`, `login_used`, `login_expired`, `wrong_user`, `bad_grant`, `broker_…`
   */
  async answer(
    principal: Principal,
    alias: string,
    loginId: string,
    answers: Readonly<Record<string, string>>,
  ): Promise<LoginView> {
    const context = this.#context
    const account = await accountFor(context, principal, 'login', alias)
    const login = await loginOf(context, account, loginId)
    refuseClosed(context, login)
    const line = await lineTo(context, account)
    const carry = carryOf(context, login)
    const method = methodOf(line.broker, carry.method)
    const brought = checkAnswers(openAsks({ context, line }, method, carry), answers)
    if (awaitsRedirect(carry)) {
      throw new BhorError('not_answered', 'This login waits for the broker’s page, not for answers.', {
        hint: 'Open its address, and log in there.',
      })
    }
    await advanceLogin(context, principal, { line, method, login, carry, brought, secretVars: [] })
    return this.#view(account, login.id)
  }

  /**
   * Finishes a login with what the broker's redirect brought. The state is checked before anything else is believed,
   * so that a stranger's request to the callback address can neither finish nor break off a login.
   *
   * @throws BhorError `login_state_invalid`, `login_ambiguous`, `login_expired`, `login_used`, `login_refused`,
   *   `callback_incomplete`, `wrong_page`, `wrong_user`, `bad_grant`, `answer_lost`, `broker_…`
   */
  async complete(principal: Principal, brokerId: string, callback: Callback): Promise<AccountView> {
    try {
      return await this.#complete(principal, brokerId, callback)
    } catch (error) {
      await this.#refusals.record(principal.actor, error)
      throw error
    }
  }

  /** Finishes a login with an address that the user copied out of the browser. */
  async paste(principal: Principal, alias: string, address: string): Promise<AccountView> {
    const account = await accountFor(this.#context, principal, 'login', alias)
    const text = address.trim()
    const start = `it starts with ${account.redirectUrl}.`
    if (!URL.canParse(text) || text.length > 8192) {
      throw new BhorError('wrong_page', `This is not an address (${text.length} characters).`, {
        hint: `Paste the whole address of the page where the browser ended; ${start}`,
      })
    }
    const url = new URL(text)
    const callback = callbackOf(url.search.slice(1))
    const own = new URL(account.redirectUrl)
    if (url.origin + url.pathname === own.origin + own.pathname)
      return this.#complete(principal, account.broker, callback, account)
    // The adapter knows the pages that people paste by mistake, and what to do instead.
    const reading = redirectOf(await this.#context.broker(account.broker)).readCallback(
      callbackInput(callback),
    )
    throw wrongPage(
      reading.kind === 'wrong_page'
        ? reading.hint
        : `Paste the address of the page where the browser ended; ${start}`,
    )
  }

  async #complete(
    principal: Principal,
    brokerId: string,
    callback: Callback,
    expected?: AccountRecord,
  ): Promise<AccountView> {
    const context = this.#context
    const broker = await context.broker(brokerId)
    const method: LoginMethod = redirectOf(broker)
    const reading = method.readCallback(callbackInput(callback))
    if (reading.kind === 'wrong_page') throw wrongPage(reading.hint)
    const login = await loginOfCallback(context, broker, method, reading.state, expected)
    const stored = await context.store.accounts.byId(login.accountId)
    if (!stored || (expected && stored.id !== expected.id)) throw invalidState()
    const account = proven(context.vault, 'accounts', stored)
    if (reading.kind !== 'granted') throw await this.#notGranted(principal, account, login, reading)
    const { vars: brought, secretVars } = reading
    const carry = carryOf(context, login)
    const line = await lineTo(context, account)
    const done: Advanced = await advanceLogin(context, principal, {
      line,
      method,
      login,
      carry,
      brought,
      secretVars,
    })
    return accountView(context, done.session ? done.account : account)
  }

  async #notGranted(
    principal: Principal,
    account: AccountRecord,
    login: LoginRecord,
    reading: Exclude<CallbackReading, { kind: 'granted' | 'wrong_page' }>,
  ): Promise<BhorError> {
    if (reading.kind === 'incomplete')
      return new BhorError('callback_incomplete', `The broker’s answer lacks ${reading.missing}.`)
    const ending = { status: 'failed', outcome: 'login_refused', action: 'login.callback' } as const
    await endLogin(this.#context, principal.actor, account, login, ending)
    const { name } = await this.#context.broker(account.broker)
    const said = reading.brokerMessage ? ` It says: “${printable(reading.brokerMessage)}”` : ''
    return new BhorError('login_refused', `${name} did not grant the login.${said}`)
  }

  /** As it is now: what it asks for is read from the account as it is stored now, too. */
  async #view(account: AccountRecord, login: string | LoginRecord): Promise<LoginView> {
    const context = this.#context
    const stored = typeof login === 'string' ? await loginOf(context, account, login) : login
    const isOpen = stored.status === 'open' && context.clock.nowMs() < stored.expiresAtMs
    const line = isOpen ? await lineTo(context, account) : undefined
    const carry = carryOf(context, stored)
    const asks = line ? openAsks({ context, line }, methodOf(line.broker, carry.method), carry) : []
    const now = (await context.store.accounts.byId(account.id)) ?? account
    return loginView(context.clock.nowMs(), now, stored, asks.map(promptView))
  }
}

function refuseClosed(context: SessionContext, { status, expiresAtMs }: LoginRecord): void {
  if (status === 'cancelled') throw new BhorError('login_used', 'This login was cancelled.')
  if (status !== 'open') throw new BhorError('login_used', 'This login was already used.')
  if (context.clock.nowMs() >= expiresAtMs)
    throw new BhorError('login_expired', 'This login is older than 10 minutes.')
}

function wrongPage(hint: string): BhorError {
  return new BhorError('wrong_page', 'This is not the page that the broker sent you back to.', { hint })
}
