import { isBhorError } from '../core/errors.ts'
import { Config, type ConfigOptions } from './config.ts'
import { ExpiryNotice, type ExpiryWebhook } from './expiry-notice.ts'
import { Logger } from './logger.ts'
import { isFileFault, sentences, type TokenInfo, TokenManager } from './token-manager.ts'

export interface AuthenticatorOptions extends ConfigOptions {
  /** Takes the place of all other options but {@link AuthenticatorOptions.expiryWebhook}. */
  readonly config?: Config | undefined
  /** Who is told when the session ends, as long as this program runs. */
  readonly expiryWebhook?: ExpiryWebhook | undefined
}

/** What {@link UpstoxAuthenticator.getStatus} answers, in the document's own words. */
export interface AuthStatus {
  readonly is_authenticated: boolean
  readonly token_info: TokenInfo | null
  /** `Authenticated`, or one of the sentences of the document's troubleshooting, or what is wrong with the token file. */
  readonly message: string
}

/**
 * Logs one user of Upstox in, and has the token from then on: of this program, of another one, from before a restart.
 *
 * Without `account` it works with the files of document 004 (`~/.hft`) and needs nothing else of bhor. With it, the session
 * is that of an account in bhor's data folder; `await auth.open()` comes before the synchronous calls then.
 *
 * @example
 * ```ts
 * const auth = new UpstoxAuthenticator()
 * if (!auth.isAuthenticated()) {
 *   console.log(auth.getLoginUrl())
 *   await auth.authenticate(code)
 * }
 * const token = await auth.getToken()
 * ```
 */
export class UpstoxAuthenticator implements AsyncDisposable {
  readonly config: Config
  readonly tokenManager: TokenManager
  readonly #notice: ExpiryNotice | undefined

  /** @throws BhorError `config_invalid`, `channel_invalid`, `channel_target_refused` */
  constructor({ config, expiryWebhook, ...options }: AuthenticatorOptions = {}) {
    this.config = config ?? new Config(options)
    this.tokenManager = new TokenManager(this.config)
    this.#notice = expiryWebhook && new ExpiryNotice(this.config, this.tokenManager, expiryWebhook)
  }

  /** See {@link TokenManager.open}. Gives itself, for `await new UpstoxAuthenticator({ account }).open()`. */
  async open(): Promise<this> {
    await this.tokenManager.open()
    return this
  }

  /** Ends what this has opened. The session stays. */
  async close(): Promise<void> {
    this.#notice?.close()
    await this.tokenManager.close()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** See {@link TokenManager.exchangeCodeForToken}. */
  authenticate(authCode: string): Promise<boolean> {
    return this.tokenManager.exchangeCodeForToken(authCode)
  }

  /** See {@link TokenManager.getAuthorizationUrl}. */
  getLoginUrl(state?: string): string {
    return this.tokenManager.getAuthorizationUrl(state)
  }

  /** See {@link TokenManager.getAccessToken}. */
  getToken(): Promise<string | null> {
    return this.tokenManager.getAccessToken()
  }

  /** See {@link TokenManager.isTokenValid}. */
  isAuthenticated(): boolean {
    return this.tokenManager.isTokenValid()
  }

  /** Never throws for a token file that is no good: the message tells. */
  async getStatus(): Promise<AuthStatus> {
    try {
      const info = await this.tokenManager.getTokenInfo()
      return info
        ? { is_authenticated: true, token_info: info, message: sentences.authenticated }
        : { is_authenticated: false, token_info: null, message: this.#whyNot() }
    } catch (error) {
      if (!isFileFault(error)) throw error
      Logger.get().error(error.message)
      return { is_authenticated: false, token_info: null, message: `${error.message} ${error.hint}` }
    }
  }

  /** See {@link TokenManager.logout}. */
  logout(): Promise<boolean> {
    return this.tokenManager.logout()
  }

  #whyNot(): string {
    if (this.tokenManager.getExpired()) return sentences.expired
    if (this.config.account !== undefined) return sentences.none
    try {
      void this.config.credentials
      return sentences.none
    } catch (error) {
      if (isBhorError(error)) return sentences.notConfigured
      throw error
    }
  }
}
