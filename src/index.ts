import { openApp } from './app/open.ts'
import { loadConfig } from './config/load.ts'
import type { AccountView, AddAccount, HandOut, LoginStarted, TestResult } from './contracts/api.ts'
import type { Net } from './contracts/net.ts'
import type { Clock } from './core/clock.ts'
import type { Random } from './core/random.ts'
import { fullRights } from './session/ground/rights.ts'
import type { HandOutWish } from './session/handout/handout.ts'

export type {
  AccountView,
  AddAccount,
  HandOut,
  LoginStarted,
  SessionStatus,
  SessionView,
  TestResult,
} from './contracts/api.ts'
export type { Net, NetReply, NetRequest } from './contracts/net.ts'
export type { Clock } from './core/clock.ts'
export { BhorError, type ErrorCode, errorTable, isBhorError } from './core/errors.ts'
export type { Random } from './core/random.ts'
export type { HandOutWish } from './session/handout/handout.ts'

export interface OpenOptions {
  /** The data folder; `BHOR_HOME`, else the platform's state folder, when left out. */
  readonly home?: string
  readonly clock?: Clock
  readonly random?: Random
  readonly net?: Net
}

/** bhor in this process, without a server. */
export interface Bhor extends AsyncDisposable {
  accounts(): Promise<AccountView[]>
  account(name: string): Promise<AccountView>
  addAccount(input: AddAccount): Promise<AccountView>
  /** The first half of a login: open `url` in a browser. */
  startLogin(account: string): Promise<LoginStarted>
  /** The second half: the address where the browser ended. @throws BhorError `login_…`, `wrong_user`, `bad_grant`, `broker_…` */
  completeLogin(account: string, address: string): Promise<AccountView>
  /** The live session. Its audit record is durable before this resolves. @throws BhorError `session_…`, `audit_unavailable` */
  session(account: string, wish?: HandOutWish): Promise<HandOut>
  /** Asks the broker whether the session lives. */
  test(account: string): Promise<TestResult>
  /** @throws BhorError `renewal_unavailable` where the broker gave no refresh token */
  renew(account: string): Promise<AccountView>
  logout(account: string): Promise<AccountView>
}

/**
 * Opens the data folder in this process. One process at a time: while `bhor serve` runs, talk to it instead.
 *
 * @throws BhorError `store_locked`, `key_wrong`, `config_invalid`, …
 *
 * @example
 * ```ts
 * await using bhor = await openBhor()
 * const { accessToken, apiKey } = await bhor.session('personal', { minLifeMs: 20 * 60_000 })
 * ```
 */
export async function openBhor(options: OpenOptions = {}): Promise<Bhor> {
  const { home, ...injected } = options
  const config = loadConfig(home === undefined ? {} : { flags: { home } })
  const app = await openApp({ config, ...injected })
  const { desk } = app
  const caller = fullRights('library')
  return {
    accounts: () => desk.accounts.list(caller),
    account: (name) => desk.accounts.get(caller, name),
    addAccount: (input) => desk.accounts.add(caller, input),
    startLogin: (account) => desk.logins.start(caller, account, { via: 'api' }),
    completeLogin: (account, address) => desk.logins.paste(caller, account, address),
    session: async (account, wish = {}) =>
      JSON.parse((await desk.sessions.handOut(caller, account, wish)).reveal()) as HandOut,
    test: (account) => desk.sessions.test(caller, account),
    renew: (account) => desk.sessions.renew(caller, account),
    logout: (account) => desk.sessions.logout(caller, account),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}
