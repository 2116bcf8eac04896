import type { AccountView, LoginStarted, LoginView } from '../../contracts/api.ts'
import type { CallbackReading, LoginMethod, Prompt } from '../../contracts/broker.ts'
import type { AccountRecord, LoginRecord, LoginWay } from '../../contracts/store.ts'
import { BhorError, type ErrorCode, isBhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { accountFor } from '../accounts/account.ts'
import { accountView } from '../accounts/view.ts'
import type { SessionContext } from '../ground/context.ts'
import { lineTo } from '../ground/line.ts'
import { proven } from '../ground/records.ts'
import { isAtDesk, isLimited, type Principal } from '../ground/rights.ts'
import { refuseRolledBack } from '../ground/rollback.ts'
import { checkAnswers } from './answers.ts'
import { type BroughtCode, type BroughtSession, exchangeBrought } from './brought-code.ts'
import { type Callback, callbackInput } from './callback.ts'
import { confirmPerson } from './confirm.ts'
import { advanceLogin } from './exchange.ts'
import { loginLine } from './line.ts'
import { asksOf, awaitsRedirect, carryOf, methodOf, openAsks, promptView } from './methods.ts'
import { outcomeOf, refuseExpired } from './outcome.ts'
import { pastedCallback, wrongPage } from './pasted-callback.ts'
import { endLogin, loginOf, startLogin } from './pending.ts'
import { invalidState, isStateFor, loginOfCallback, redirectOf } from './redirected.ts'
import { loginView } from './view.ts'
import { holdsAddress, ownerOfAddress, refuseInChat } from './whose-address.ts'

const turnedAway: readonly ErrorCode[] = [
  'cancelled',
  'login_state_invalid',
  'login_expired',
  'login_used',
  'login_ambiguous',
  'callback_incomplete',
  'wrong_page',
]

/** What a callback came to: the account, and its login, which is done or open for an answer. */
export interface Completed {
  readonly account: AccountView
  readonly login: LoginView
}

/** The logins of this store's accounts, from the wish to the session. */
export class Logins {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
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
    await context.rateLimits.spend(principal, 'login', account)
    const line = await loginLine(context, account)
    if (principal.actor.kind === 'telegram') refuseInChat(line.broker)
    const method = methodOf(line.broker, kind)
    const { login, page, carry } = await startLogin(context, principal, line, method, via)
    const asks = openAsks({ context, line }, method, carry)
    const isSilent = method.kind === 'direct' && asks.length === 0
    const advanced = isSilent
      ? await advanceLogin(context, principal, { line, method, login, carry, ...nothingBrought })
      : undefined
    const view = await this.#view(
      principal,
      account,
      advanced?.session ? login.id : (advanced?.login ?? login),
    )
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

  /** How a login stands; to whoever is at the desk also where its page is. @throws BhorError `login_not_found` */
  async get(principal: Principal, alias: string, loginId: string): Promise<LoginView> {
    return this.#view(principal, await accountFor(this.#context, principal, 'login', alias), loginId)
  }

  /** Ends a pending login that nobody wants any more. */
  async cancel(principal: Principal, alias: string, loginId: string): Promise<void> {
    const context = this.#context
    const account = await accountFor(context, principal, 'login', alias)
    await context.rateLimits.spend(principal, 'answer', account)
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
    await context.rateLimits.spend(principal, 'answer', account)
    const login = await loginOf(context, account, loginId)
    if (login.status !== 'open')
      return this.#view(principal, account, await outcomeOf(context, account, login.id))
    refuseExpired(context, login)
    const line = await loginLine(context, account)
    const carry = carryOf(context, login)
    const method = methodOf(line.broker, carry.method)
    const asks = openAsks({ context, line }, method, carry)
    // From a page that still shows the question before: it sees what is asked now.
    if (isForAnotherStep(method, asks, answers)) return this.#view(principal, account, login)
    const brought = checkAnswers(asks, answers)
    if (awaitsRedirect(carry)) {
      throw new BhorError('not_answered', 'This login waits for the broker’s page, not for answers.', {
        hint: 'Open its address, and log in there.',
      })
    }
    // It comes when the broker posts it: there is nothing to ask.
    if (method.kind === 'approval' && !method.poll) return this.#view(principal, account, login)
    const exchange = { line, method, login, carry, ...nothingBrought, brought }
    try {
      await advanceLogin(context, principal, exchange)
    } catch (error) {
      await this.#unlessFinished(account, login, error)
    }
    return this.#view(principal, account, login.id)
  }

  /**
   * Finishes a login with what the broker's redirect brought. The state is checked before anything else is believed,
   * so that a stranger's request to the callback address can neither finish nor break off a login. Asked again, it answers
   * by what became of that login.
   *
   * @throws BhorError `login_state_invalid`, `login_ambiguous`, `login_expired`, `login_used`, `login_refused`,
   *   `callback_incomplete`, `wrong_page`, `wrong_user`, `bad_grant`, `answer_lost`, `broker_…`
   */
  async complete(
    principal: Principal,
    brokerId: string,
    callback: Callback,
    way: LoginWay = 'desk',
  ): Promise<Completed> {
    try {
      return await this.#complete(principal, brokerId, callback, way)
    } catch (error) {
      await this.#recordRefusal(principal, error)
      throw error
    }
  }

  /**
   * Finishes a login with an address that the user copied out of the browser, in whatever a chat or a mail has made of it.
   *
   * @param way by which the person who pastes has come; from outside, a first login pins nobody by itself
   * @throws as {@link Logins.complete}; `login_used` also for one that was finished and whose session is over
   */
  async paste(
    principal: Principal,
    alias: string,
    text: string,
    way: LoginWay = 'desk',
  ): Promise<AccountView> {
    const context = this.#context
    const account = await accountFor(context, principal, 'login', alias)
    await context.rateLimits.spend(principal, 'answer', account)
    const broker = await context.broker(account.broker)
    if (way === 'telegram') refuseInChat(broker)
    const callback = pastedCallback(context, broker, redirectOf(broker), account, text)
    const { account: view, login } = await this.#complete(principal, broker.id, callback, way, account)
    if (login.status !== 'done' || hasSession(view)) return view
    throw new BhorError('login_used', 'This login was finished before, and its session has ended since.')
  }

  /**
   * The same where nobody says for which account: the login knows it.
   *
   * @throws as {@link Logins.paste}
   */
  async pasteAny(principal: Principal, text: string, way: LoginWay): Promise<AccountView> {
    try {
      const { alias } = await ownerOfAddress(this.#context, principal, text)
      return await this.paste(principal, alias, text, way)
    } catch (error) {
      await this.#recordRefusal(principal, error)
      throw error
    }
  }

  /** Whether a text holds what {@link Logins.pasteAny} could take; and so, perhaps, a code that nobody else should read. */
  isAddress(principal: Principal, text: string): Promise<boolean> {
    return holdsAddress(this.#context, principal, text)
  }

  /** See {@link exchangeBrought}. */
  exchangeBrought(principal: Principal, brought: BroughtCode): Promise<BroughtSession> {
    return exchangeBrought(this.#context, principal, brought)
  }

  /** See {@link confirmPerson}. */
  confirm(principal: Principal, alias: string, userId: string): Promise<AccountView> {
    return confirmPerson(this.#context, principal, alias, userId)
  }

  /** The broker among these for which a callback holds a signed state; wherever it came to, that is no accident. */
  brokerOf({ params }: Callback, ids: readonly string[]): string | undefined {
    const values = [...params.values()].flat()
    return ids.find((id) => values.some((value) => isStateFor(this.#context, id, value)))
  }

  /** Of a callback that was turned away before it touched a login: anybody who can reach the address can cause that. */
  async #recordRefusal({ actor }: Principal, error: unknown): Promise<void> {
    if (!isBhorError(error) || !turnedAway.includes(error.code)) return
    const refusal = { action: 'login.callback', result: 'refused', code: error.code } as const
    await this.#context.refusals.record({ actor, ...refusal })
  }

  async #complete(
    principal: Principal,
    brokerId: string,
    callback: Callback,
    way: LoginWay,
    expected?: AccountRecord,
  ): Promise<Completed> {
    const context = this.#context
    refuseRolledBack(context)
    const broker = await context.broker(brokerId)
    const method = redirectOf(broker)
    const reading = method.readCallback(callbackInput(callback))
    if (reading.kind === 'wrong_page') throw wrongPage(reading.hint)
    const login = await loginOfCallback(context, broker, method, reading, expected)
    const stored = await context.store.accounts.byId(login.accountId)
    if (!stored) throw invalidState()
    if (expected && stored.id !== expected.id)
      throw invalidState(
        isLimited(principal) ? undefined : 'The address belongs to the login of another account.',
      )
    const account = proven(context.vault, 'accounts', stored)
    // Open again for the answer to a question, it wants no second code.
    const isWaiting = login.status === 'open' && awaitsRedirect(carryOf(context, login))
    if (!isWaiting) return this.#completed(principal, account, await outcomeOf(context, account, login.id))
    refuseExpired(context, login)
    if (reading.kind !== 'granted') throw await this.#notGranted(principal, account, login, reading)
    const { vars: brought, secretVars } = reading
    const carry = carryOf(context, login)
    const line = await loginLine(context, account)
    const exchange = { line, method, login, carry, brought, secretVars, way }
    try {
      const done = await advanceLogin(context, principal, exchange)
      return await this.#completed(principal, done.session ? done.account : account, login)
    } catch (error) {
      return this.#completed(principal, account, await this.#unlessFinished(account, login, error))
    }
  }

  /** The login after somebody else was faster with it. @throws what was thrown, where it still waits for the same */
  async #unlessFinished(account: AccountRecord, login: LoginRecord, error: unknown): Promise<LoginRecord> {
    if (!isBhorError(error, 'login_used')) throw error
    const now = await outcomeOf(this.#context, account, login.id)
    // A code that another login has spent.
    if (now.status === 'open' && now.sealedCarry === login.sealedCarry) throw error
    return now
  }

  async #completed(principal: Principal, account: AccountRecord, login: LoginRecord): Promise<Completed> {
    const { store, vault } = this.#context
    const now = (await store.accounts.byId(account.id)) ?? account
    return {
      account: await accountView(this.#context, proven(vault, 'accounts', now)),
      login: await this.#view(principal, now, login.id),
    }
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
  async #view(principal: Principal, account: AccountRecord, login: string | LoginRecord): Promise<LoginView> {
    const context = this.#context
    const stored = typeof login === 'string' ? await loginOf(context, account, login) : login
    const isOpen = stored.status === 'open' && context.clock.nowMs() < stored.expiresAtMs
    const line = isOpen ? await lineTo(context, account) : undefined
    const carry = carryOf(context, stored)
    const asks = line ? openAsks({ context, line }, methodOf(line.broker, carry.method), carry) : []
    const now = (await context.store.accounts.byId(account.id)) ?? account
    return loginView(context.clock.nowMs(), now, stored, {
      method: carry.method,
      // With it anybody can finish the login: no program gets that of a login which it did not start.
      url: isOpen && isAtDesk(principal) ? (carry.page ?? null) : null,
      asks: asks.map(promptView),
    })
  }
}

/** A session that lives, whether or not somebody has still to confirm whose it is. */
export function hasSession({ status }: Pick<AccountView, 'status'>): boolean {
  return status === 'active' || status === 'expiring' || status === 'unconfirmed'
}

const nothingBrought = { brought: {}, secretVars: [], way: 'desk' } as const

function isForAnotherStep(
  method: LoginMethod,
  asks: readonly Prompt[],
  answers: Readonly<Record<string, string>>,
): boolean {
  const known = asksOf(method).map(({ name }) => name)
  const names = Object.keys(answers)
  return (
    names.length > 0 && names.every((name) => known.includes(name) && !asks.some((ask) => ask.name === name))
  )
}
