/** Where every simulated broker says the address of who asks. */
export const sandboxEchoPath = '/egress-echo'

/** bhor's own simulator as sandbox accounts see it. Whoever starts bhor decides whether there is one. */
export interface Sandbox {
  /** Starts the simulator when it does not run. Origins by role. */
  hosts(broker: string): Promise<Readonly<Record<string, string>>>
  /**
   * Makes the app known, with a person of its own to log in; repeating it is harmless.
   *
   * @returns what that person logs in with, by the names of the broker's account fields; nothing where they type it
   *   on the broker's page
   */
  register(app: SandboxApp): Promise<Readonly<Record<string, string>>>
  /** Says where this app's approvals are posted to: an address of this computer. */
  notifyAt(app: SandboxNotifier): Promise<void>
  /** Makes a session of an earlier run known, so that a restart does not end it. */
  adopt(session: SandboxSession): Promise<void>
}
export interface SandboxApp {
  readonly broker: string
  readonly apiKey: string
  /** The app's one secret, whatever the broker calls it; empty where apps have none. */
  readonly apiSecret: string
  readonly redirectUrl: string
  /** The person that the account is pinned to. */
  readonly userId?: string
  /** Its sessions come with a refresh token. */
  readonly approvedForRefresh?: boolean
}
export interface SandboxNotifier {
  readonly broker: string
  readonly apiKey: string
  readonly notifierUrl: string
}
export interface SandboxSession {
  readonly broker: string
  readonly apiKey: string
  readonly userId: string
  readonly accessToken: string
  /** `access` when left out; a broker may know others, such as `refresh`. */
  readonly kind?: string
  readonly expiresAtMs: number
}

/** What the module of an adapter exports as `simulator`. The simulator alone looks into it, and checks what it finds. */
export type SimulatedBrokerModule = Readonly<Record<string, unknown>>
