import { dirname, join } from 'node:path'
import type { Grant } from '../contracts/broker.ts'
import { BhorError, isBhorError, toBhorError } from '../core/errors.ts'
import { newToken } from '../core/ids.ts'
import { systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { SingleFlight } from '../core/single-flight.ts'
import { BrokerLine } from './broker-line.ts'
import { codeIn } from './brought-code.ts'
import type { Config } from './config.ts'
import type { Credentials } from './credentials.ts'
import { Logger } from './logger.ts'
import { RefreshTokenFile } from './refresh-token.ts'
import type { Held, Source, TokenKind } from './source.ts'
import { TokenFile } from './token-file.ts'
import { endOf, endOfExtended, StoredSession } from './token-format.ts'

/** As often as the adapter allows itself. */
const leastBetweenProbesMs = 10_000
const mostStates = 20

/** The session in the document's own files, without a data folder. */
export class FileSource implements Source {
  readonly #config: Config
  readonly #line: BrokerLine
  readonly #file: TokenFile
  readonly #refreshFile: RefreshTokenFile
  readonly #flights = new SingleFlight<boolean>()
  /** Of the login pages that were asked for; whichever of them the browser comes back from is right. */
  #states: readonly string[] = []
  /** What could not be written, and what Upstox has ended before its hour. */
  #unwritten: StoredSession | undefined
  #dead: StoredSession | undefined
  #probedAtMs = Number.NEGATIVE_INFINITY

  constructor(config: Config) {
    this.#config = config
    this.#line = new BrokerLine(config)
    this.#file = new TokenFile(config.tokenFile, this.#line.clock)
    this.#refreshFile = new RefreshTokenFile(join(dirname(config.tokenFile), 'upstox_refresh.json'))
  }

  async open(): Promise<void> {}

  async prepareLogin(): Promise<void> {}

  loginUrl(state = newToken(systemRandom)): string {
    const url = this.#line.loginUrl(this.#config.credentials, state)
    this.#states = [...this.#states, state].slice(-mostStates)
    return url
  }

  async logIn(brought: string): Promise<boolean> {
    const { credentials } = this.#config
    const code = codeIn(brought, credentials.redirectUri, this.#states)
    return this.#flights.run(code, async () => {
      // That there is room to store the answer shows before the code is spent.
      using place = this.#file.reserve()
      const before = this.#file.seen()
      const grant = await this.#line.exchange(credentials, code)
      const session = sessionOf(grant, this.#line.clock.now())
      const isStored = await this.#stores(session, () =>
        this.#file.locked(() => {
          const isWritten = this.#file.write(place, session, before)
          if (isWritten) this.#keepRefresh(grant, credentials, session)
          return isWritten
        }),
      )
      this.#states = []
      return isStored
    })
  }

  held(): Held | undefined {
    return this.#stored()?.held
  }

  async token(kind: TokenKind): Promise<string | undefined> {
    const stored = this.#stored()
    if (!stored) return undefined
    if (kind === 'access') return this.#isLive(stored) ? stored.access.reveal() : undefined
    const isOver = endOfExtended(stored).epochMilliseconds <= this.nowMs()
    return isOver ? undefined : stored.extended?.reveal()
  }

  async refresh(): Promise<boolean> {
    const stored = this.#stored()
    // What another login has taken is not taken back.
    if (!stored || this.#dead?.isSameAs(stored)) return false
    return this.#isLive(stored) ? this.#isAlive(stored) : this.#flights.run('renewal', () => this.#renew())
  }

  async logOut(): Promise<void> {
    const stored = this.#stored()
    if (!stored) return
    await this.#line.logOut(stored)
    await this.#file.locked(() => {
      // Where another session stands, the refresh token is of that one.
      if (this.#file.remove(stored)) this.#refreshFile.forget()
    })
    this.#unwritten = undefined
    this.#dead = stored
  }

  nowMs(): number {
    return this.#line.clock.nowMs()
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** As it counts: one that Upstox has ended has ended then. */
  #stored(): StoredSession | undefined {
    const stored = this.#unwritten ?? this.#file.current()
    if (!stored || !this.#dead?.isSameAs(stored)) return stored
    return new StoredSession(stored.access, stored.extended, {
      ...stored.held,
      expiresAt: stored.held.issuedAt,
    })
  }

  #isLive({ held }: StoredSession): boolean {
    return this.nowMs() < held.expiresAt.epochMilliseconds
  }

  async #isAlive(stored: StoredSession): Promise<boolean> {
    const nowMs = this.#config.clock.monotonicMs()
    if (nowMs - this.#probedAtMs < leastBetweenProbesMs) return true
    this.#probedAtMs = nowMs
    if ((await this.#line.isAlive(stored)) !== false) return true
    Logger.get().warning('Upstox has ended the session before its hour. Another login may have done it.')
    this.#dead = stored
    this.#unwritten = undefined
    return false
  }

  /** One renewal for all programs: whoever comes second finds what the first one got. */
  #renew(): Promise<boolean> {
    return this.#file.locked(async () => {
      const stored = this.#stored()
      if (!stored || this.#isLive(stored)) return stored !== undefined
      const credentials = this.#credentialsOrNone()
      const refresh = credentials && this.#refreshFile.open(credentials, stored.held.userId)
      if (!refresh) return false
      using place = this.#file.reserve()
      const grant = await this.#line.renew(credentials, refresh.reveal()).catch((error: unknown) => {
        if (!isBhorError(error, 'bad_grant')) throw error
        Logger.get().warning('Upstox does not take the refresh token any more.')
        this.#refreshFile.forget()
      })
      if (!grant) return false
      const session = sessionOf(grant, this.#line.clock.now(), stored.held)
      if (!(await this.#stores(session, () => this.#file.write(place, session, stored)))) return true
      // What the renewal does not replace stays.
      if (grant.tokens.refresh) this.#keepRefresh(grant, credentials, session)
      Logger.get().info('The session was renewed.')
      return true
    })
  }

  /** Where a token lives, it lives without them. */
  #credentialsOrNone(): Credentials | undefined {
    try {
      return this.#config.credentials
    } catch (error) {
      Logger.get().warning(toBhorError(error).message)
      return undefined
    }
  }

  /**
   * What cannot be written lives in this process at least, and whoever called hears of it.
   *
   * @returns false where another program's session, which lives, counts in its place
   */
  async #stores(session: StoredSession, write: () => Promise<boolean> | boolean): Promise<boolean> {
    try {
      const isStored = await write()
      this.#unwritten = undefined
      return isStored
    } catch (error) {
      this.#unwritten = session
      const { code, message, hint } = toBhorError(error)
      const text = `The session was granted and lives in this process, but could not be stored: ${message}`
      throw new BhorError(code, text, { hint, cause: error })
    }
  }

  #keepRefresh({ tokens: { refresh } }: Grant, credentials: Credentials, { held }: StoredSession): void {
    try {
      if (refresh) this.#refreshFile.keep(refresh, credentials, held.userId)
      else this.#refreshFile.forget()
    } catch (error) {
      // The session itself is stored.
      Logger.get().error(`The refresh token could not be stored. ${toBhorError(error).message}`)
    }
  }
}

function sessionOf(
  { tokens, userId, profile }: Grant,
  issuedAt: Temporal.Instant,
  before?: Held,
): StoredSession {
  const access = tokens.access ?? ''
  return new StoredSession(new Secret(access), tokens.extended ? new Secret(tokens.extended) : undefined, {
    userId: userId ?? before?.userId ?? '',
    userName: profile?.userName ?? before?.userName ?? '',
    email: profile?.email ?? before?.email ?? '',
    exchanges: profile?.exchanges ?? before?.exchanges ?? [],
    products: profile?.products ?? before?.products ?? [],
    orderTypes: profile?.orderTypes ?? before?.orderTypes ?? [],
    issuedAt,
    expiresAt: endOf(issuedAt, { access }),
  })
}
