import type {
  AccountGate,
  AccountView,
  AddAccount,
  CallKind,
  HandOut,
  LoginStarted,
  TestResult,
} from './api.ts'
import type { FeedEventName, FeedEvents } from './events.ts'
import type { PortfolioView } from './portfolio.ts'

/** What a program wants of a session. */
export interface SessionWish {
  /** A token kind of the broker; `access` when left out. Only that one is kept in memory. */
  readonly kind?: string
  /** It must last at least this long from now: `20m`, `1h`. */
  readonly minLife?: string
  /** The same in milliseconds. */
  readonly minLifeMs?: number
}

export interface WaitWish {
  /** Its gate must be open too. */
  readonly gate?: boolean
  /** How long at most, e.g. `30m`; as long as it takes when left out. */
  readonly timeout?: string
  readonly signal?: AbortSignal
}

/** Why a call at the broker did not succeed, as far as that decides what comes next. */
export type CallFailure =
  /** The broker has answered, and may have refused the session. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly body?: string
      readonly method?: string
      readonly path?: string
    }
  /** The broker asks to slow down; it has not acted. */
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number }
  /** Nothing has left this computer. */
  | { readonly kind: 'not sent' }
  /** Nobody knows whether the broker has acted: a reset, a time-out. */
  | { readonly kind: 'unknown' }

export interface CallWish {
  /**
   * What it is: an order, a quote, candles, or anything else that only reads. It decides whose limit it counts for, and
   * what may be repeated when nobody knows whether the broker has acted: an order never. Left out, it counts with what
   * reads and is repeated like an order.
   */
  readonly kind?: CallKind
  readonly signal?: AbortSignal
  /** Reads what the call threw, where it is of a shape that bhor does not know; undefined for what is no failure of these. */
  readonly failureOf?: (thrown: unknown) => CallFailure | undefined
}

/**
 * Broker sessions for a program: `openBhor()` of `bhor` gives it in process, `connect()` of `bhor/client` from a desk.
 *
 * What is in memory is dropped when the session ends, when another takes its place, when a gate closes so that no token
 * may leave, and when this program has not heard of its desk for twenty seconds.
 */
export interface Bhor extends AsyncDisposable {
  accounts(): Promise<AccountView[]>
  /** @throws BhorError `account_not_found` */
  account(name: string): Promise<AccountView>
  addAccount(input: AddAccount): Promise<AccountView>
  /** The first half of a login: open `url` in a browser. */
  startLogin(account: string): Promise<LoginStarted>
  /** The second half: the address where the browser ended. @throws BhorError `login_…`, `wrong_user`, `bad_grant`, `broker_…` */
  completeLogin(account: string, address: string): Promise<AccountView>
  /**
   * The live session, from memory where it is there. Otherwise it is handed out, which is recorded before this resolves:
   * once for each program and generation.
   *
   * @throws BhorError `session_…`, `gate_closed`, `sealed`, `audit_unavailable`, `server_unreachable`
   */
  session(account: string, wish?: SessionWish): Promise<HandOut>
  /** The live session if it is in memory, without waiting; undefined where {@link Bhor.session} has to be asked. */
  peek(account: string): HandOut | undefined
  /**
   * Calls the broker with the live session. It waits its turn by the broker's limits, which all calls of this process
   * share. A refusal is told to bhor, once for all who meet it; where the session was dead, one renewal is tried for
   * all. What the broker provably did not act on is called once more, with the session that counts then.
   *
   * @param call gives the broker's answer, or throws what the broker's client threw
   * @throws what the call threw; BhorError `session_…` where there is no session any more, `rate_limited` where its turn
   *   would come too late
   *
   * @example
   * ```ts
   * const profile = await bhor.withSession('personal', ({ baseUrl, headers }) => fetch(`${baseUrl}/user/profile`, { headers }), { kind: 'read' })
   * ```
   */
  withSession<Answer>(
    account: string,
    call: (session: HandOut) => Answer | Promise<Answer>,
    wish?: CallWish,
  ): Promise<Answer>
  /** May it trade now? */
  gate(account: string): Promise<AccountGate>
  /** Resolves once the account is live, starts no login. @throws BhorError `timeout` with what is so instead */
  wait(account: string, wish?: WaitWish): Promise<AccountView>
  /** Asks the broker whether the session lives. */
  test(account: string): Promise<TestResult>
  /** @throws BhorError `renewal_unavailable` where the broker gave no refresh token */
  renew(account: string): Promise<AccountView>
  logout(account: string): Promise<AccountView>
  /** Holdings, positions and funds of all accounts; amounts are decimal text. What is missing says why. */
  portfolio(): Promise<PortfolioView>
  /**
   * Calls `listener` with every event of this name from now on, in their order, until the result is disposed of: the
   * same as `GET /v1/events` tells. It goes on behind a restart of the desk, without a hole. Where the feed is not open
   * yet, the calls behind this one wait for it, at most 2 s: what they do is heard, and whatever happens once one of them
   * has answered. What the listener throws is an unhandled rejection, and so is what ends the following for good, such as
   * a key that was revoked.
   *
   * @example
   * ```ts
   * using _following = bhor.on('session.started', ({ account, generation }) => console.log(account, generation))
   * ```
   */
  on<Name extends FeedEventName>(event: Name, listener: (data: FeedEvents[Name]) => void): Disposable
  /** Ends what it has open; the same as disposing of it. */
  close(): Promise<void>
}
