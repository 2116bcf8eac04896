import { type BhorError, type ErrorCode, isBhorError } from '../core/errors.ts'
import { toLocalText } from '../core/local-time.ts'
import { AccountSource } from './account-source.ts'
import { Config } from './config.ts'
import { ErrorHandler } from './error-handler.ts'
import { FileSource } from './file-source.ts'
import { Logger } from './logger.ts'
import type { Held, Source } from './source.ts'

/** The document's own sentences. */
export const sentences = {
  authenticated: 'Authenticated',
  none: 'No valid access token available',
  expired: 'Token has expired',
  notConfigured: 'Credentials not configured properly',
} as const

/** Of a session that lives; times are those of this computer's clocks, without a zone. */
export interface TokenInfo {
  readonly user_id: string
  readonly user_name: string
  readonly email: string
  readonly issued_at: string
  readonly expires_at: string
  readonly remaining_time_seconds: number
  readonly exchanges: readonly string[]
  readonly products: readonly string[]
  readonly order_types: readonly string[]
}

/** The answers that only say that this login came to nothing: the next one may. */
const failed: readonly ErrorCode[] = ['bad_grant', 'login_refused', 'login_expired', 'login_used']

/** Of a token file that is there and is not believed. */
export function isFileFault(error: unknown): error is BhorError {
  return isBhorError(error, 'token_file_invalid') || isBhorError(error, 'permissions_too_wide')
}

/**
 * The token of one user of Upstox: from the login to the logout, reused for as long as it lives.
 *
 * @example
 * ```ts
 * const tokens = new TokenManager(new Config())
 * console.log(tokens.getAuthorizationUrl())
 * if (await tokens.exchangeCodeForToken(code)) console.log(await tokens.getTokenInfo())
 * ```
 */
export class TokenManager implements AsyncDisposable {
  readonly #source: Source

  constructor(config: Config = new Config()) {
    const { account } = config
    this.#source = account === undefined ? new FileSource(config) : new AccountSource(config, account)
  }

  /** Opens bhor's account, and starts a login where it has no session; without an account there is nothing to do. */
  open(): Promise<void> {
    return this.#source.prepareLogin()
  }

  /**
   * Upstox' login page. Where it sends the browser afterwards stands the code, and the state.
   *
   * @param state of your own, to compare it when the browser comes back; a random one when left out
   * @throws BhorError `credentials_missing`, `credentials_invalid`, `permissions_too_wide`
   */
  getAuthorizationUrl(state?: string): string {
    return this.#source.loginUrl(state)
  }

  /**
   * Spends the code, or the one in the address where the browser ended, once, and stores the session.
   *
   * @returns false where Upstox does not grant it: the code is old or used, or the person has cancelled; and where another
   *   program has logged in meanwhile, whose session counts
   * @throws BhorError `credentials_…`, `app_invalid`, `answer_lost`, `wrong_page`, `broker_…`, `store_…`, `system_refused`
   */
  async exchangeCodeForToken(authCode: string): Promise<boolean> {
    Logger.get().info('A login is being finished.')
    try {
      if (!(await this.#source.logIn(authCode))) return false
    } catch (error) {
      ErrorHandler.handleException(error, 'Authentication failed')
      if (isBhorError(error) && failed.includes(error.code)) return false
      throw error
    }
    const held = this.#held()
    if (held) Logger.get().info(`${held.userId} is logged in until ${toLocalText(held.expiresAt)}.`)
    return true
  }

  /** For the header `Authorization: Bearer …`; null without a session that lives. @throws BhorError `token_file_invalid` */
  async getAccessToken(): Promise<string | null> {
    await this.#source.open()
    const token = await this.#source.token('access')
    if (token !== undefined) return token
    Logger.get().warning(`${this.#held() ? sentences.expired : sentences.none}. Log in: getLoginUrl().`)
    return null
  }

  /** Read-only, and good for a year from the login; it survives the end of the day. Null where Upstox gave none. */
  async getExtendedToken(): Promise<string | null> {
    await this.#source.open()
    return (await this.#source.token('extended')) ?? null
  }

  /** By the hour and by the token's own `exp`. Whether Upstox has ended it earlier, {@link TokenManager.refreshIfNeeded} asks. */
  isTokenValid(): boolean {
    try {
      return this.#remainingMs(this.#held()) > 0
    } catch (error) {
      // It is told of where something can be done about it; a token that cannot be read is none.
      if (isFileFault(error)) return false
      throw error
    }
  }

  /** Whose session it is and how long it lasts; null without one that lives. @throws BhorError `token_file_invalid` */
  async getTokenInfo(): Promise<TokenInfo | null> {
    await this.#source.open()
    const held = this.#held()
    return held && this.#remainingMs(held) > 0 ? this.#infoOf(held) : null
  }

  /** Whose session it was that has ended; null where one lives, and where there was none. @throws BhorError `token_file_invalid` */
  getExpired(): Pick<TokenInfo, 'user_id'> | null {
    const held = this.#held()
    return held && this.#remainingMs(held) === 0 ? { user_id: held.userId } : null
  }

  /**
   * Ends the session at Upstox, and forgets it. Without one there is nothing to do.
   *
   * @throws BhorError `broker_…`: it lives on then, and is still stored
   */
  async logout(): Promise<boolean> {
    await this.#source.logOut()
    Logger.get().info('Logged out.')
    return true
  }

  /**
   * Asks Upstox whether the session lives, at most each ten seconds. One that has ended by its hour is renewed, should Upstox
   * ever give refresh tokens; until then the next login is the renewal.
   *
   * @returns whether there is a session that lives
   */
  async refreshIfNeeded(): Promise<boolean> {
    await this.#source.open()
    const isLive = await this.#source.refresh()
    Logger.get().info(
      isLive ? 'The token is valid.' : `${this.#held() ? sentences.expired : sentences.none}.`,
    )
    return isLive
  }

  /** Ends what {@link TokenManager.open} has opened; the session stays. */
  async close(): Promise<void> {
    await this.#source[Symbol.asyncDispose]()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #held(): Held | undefined {
    return this.#source.held()
  }

  #remainingMs(held: Held | undefined): number {
    return held ? Math.max(held.expiresAt.epochMilliseconds - this.#source.nowMs(), 0) : 0
  }

  #infoOf(held: Held): TokenInfo {
    return {
      user_id: held.userId,
      user_name: held.userName,
      email: held.email,
      issued_at: toLocalText(held.issuedAt),
      expires_at: toLocalText(held.expiresAt),
      remaining_time_seconds: Math.floor(this.#remainingMs(held) / 1000),
      exchanges: held.exchanges,
      products: held.products,
      order_types: held.orderTypes,
    }
  }
}
