/** Who is logged in, and until when; never a token. */
export interface Held {
  readonly userId: string
  readonly userName: string
  readonly email: string
  readonly exchanges: readonly string[]
  readonly products: readonly string[]
  readonly orderTypes: readonly string[]
  readonly issuedAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant
}

export type TokenKind = 'access' | 'extended'

/** Where a token manager has its session from: the document's files, or an account of bhor's. */
export interface Source extends AsyncDisposable {
  /** What must be done before {@link Source.held} can answer; repeating it is harmless. */
  open(): Promise<void>
  /** The same for {@link Source.loginUrl}, unless there is a session that lives. */
  prepareLogin(): Promise<void>
  /** @throws BhorError `credentials_…` */
  loginUrl(state?: string): string
  /**
   * @param brought the code, or the address where the browser ended
   * @returns whether the session of this login counts now, and not one that another program has got meanwhile
   * @throws BhorError `bad_grant`, `login_refused`, `wrong_page`, `credentials_…`, `broker_…`, `store_…`
   */
  logIn(brought: string): Promise<boolean>
  /** The last session, also when it has ended; undefined for none. @throws BhorError `token_file_invalid` */
  held(): Held | undefined
  /** The token of the session that {@link Source.held} tells of; undefined where there is none that lives. */
  token(kind: TokenKind): Promise<string | undefined>
  /** Whether the session lives, as the broker says, and renewed where it gave the means. */
  refresh(): Promise<boolean>
  /** @throws BhorError `broker_…`: the session lives on then, and so does what is stored of it */
  logOut(): Promise<void>
  nowMs(): number
}
