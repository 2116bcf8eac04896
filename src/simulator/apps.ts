import { BhorError } from '../core/errors.ts'

/** An app as registered at a broker's developer console. */
export interface SimulatedApp {
  readonly broker: string
  readonly apiKey: string
  /** This and the redirect URL may be empty where the broker has no login pages. */
  readonly apiSecret: string
  /** Where the login ends. Upstox compares it literally, Kite takes it from here. */
  readonly redirectUrl: string
  /** Whom the login page offers; a person of the app's own when left out, the same after every restart. */
  readonly userId?: string | undefined
  /** The client ids that may log in through the app; every user when left out. */
  readonly userIds?: readonly string[] | undefined
  /** Kite gives refresh tokens to approved platforms only. */
  readonly approvedForRefresh?: boolean | undefined
}

export class Apps {
  readonly #byKey = new Map<string, SimulatedApp>()

  /** Registers an app, or changes it: like at the brokers, a new secret kills no session. Throws `bad_field`. */
  register(app: SimulatedApp, hasPages: boolean): void {
    if (!app.apiKey || (hasPages && !app.apiSecret))
      throw new BhorError('bad_field', 'An app needs an API key and an API secret.')
    const url = URL.parse(app.redirectUrl)
    if (hasPages && !/^https?:$/.test(url?.protocol ?? ''))
      throw new BhorError('bad_field', 'The redirect URL is not an http address.')
    // The approval is the broker's and not the form's: registering the app again does not take it away.
    const { approvedForRefresh } = this.#byKey.get(app.apiKey) ?? {}
    this.#byKey.set(app.apiKey, {
      ...(approvedForRefresh === undefined ? {} : { approvedForRefresh }),
      ...app,
    })
  }
  get(apiKey: string): SimulatedApp | undefined {
    return this.#byKey.get(apiKey)
  }
  all(): SimulatedApp[] {
    return [...this.#byKey.values()]
  }
}

/** May this client log in through this app? */
export function isEnabled(app: SimulatedApp, userId: string): boolean {
  return app.userIds === undefined || app.userIds.includes(userId)
}
