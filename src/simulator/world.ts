import { createHmac } from 'node:crypto'
import { nextIst } from '../core/ist.ts'
import type { Random } from '../core/random.ts'
import { Apps, type SimulatedApp } from './apps.ts'
import type { Call } from './call.ts'
import { Expiring } from './expiring.ts'
import { type CallWindow, Limits } from './limits.ts'
import type { SimulatedBrokerModule } from './module.ts'
import { OrderBook } from './order-book.ts'
import { Sessions, type SimulatedSession } from './sessions.ts'
import { type SimulatedUser, Users } from './users.ts'

/** To whom a one-time code of a login was given. */
export interface IssuedCode {
  readonly apiKey: string
  readonly userId: string
}

/** A person on the way through the login pages. */
export interface LoginUnderway {
  readonly id: string
  readonly apiKey: string
  /** What the login page was called with and the redirect needs. */
  readonly carried: Readonly<Record<string, string>>
  readonly onlyUserId?: string | undefined
  /** Set once the password was right. */
  userId?: string
  /** All steps are done. */
  isComplete: boolean
}

/** What a session must say of itself. */
export type NewSession = Pick<SimulatedSession, 'apiKey' | 'userId' | 'accessToken'> &
  Partial<SimulatedSession>

/** What a person is asked on the phone: whether an app may have a session. */
export interface AskedApproval {
  readonly id: string
  readonly apiKey: string
  readonly userId: string
  /** Where the session is posted to. */
  readonly notifierUrl: string
}

const loginTtlMs = 10 * 60_000
const approvalTtlMs = 24 * 60 * 60_000

export interface WorldOptions {
  readonly module: SimulatedBrokerModule
  readonly now: () => Temporal.Instant
  readonly random: Random
  readonly hasLimits: boolean
  /** `http://127.0.0.1:7890`, known once the broker listens. */
  readonly origin: () => string
  /** Posts a body to an address of this computer, once `delayMs` have passed. */
  readonly post: (url: string, body: string, delayMs: number) => void
}

/** Everything that one simulated broker knows. In memory only. */
export class World {
  readonly now: () => Temporal.Instant
  readonly random: Random
  readonly origin: () => string
  readonly apps = new Apps()
  readonly users: Users
  readonly logins: Expiring<LoginUnderway>
  readonly codes: Expiring<IssuedCode>
  readonly approvals: Expiring<AskedApproval>
  readonly post: WorldOptions['post']
  /** By API key. */
  readonly notifiers = new Map<string, string>()
  readonly sessions: Sessions
  readonly orders: OrderBook
  readonly #module: SimulatedBrokerModule
  readonly #limits: Limits | undefined
  readonly #key: Uint8Array
  readonly #phones = new Map<string, string>()

  constructor({ module, now, random, hasLimits, origin, post }: WorldOptions) {
    this.now = now
    this.random = random
    this.origin = origin
    this.post = post
    this.approvals = new Expiring(now, approvalTtlMs)
    this.users = new Users({ ...module.demoUser, broker: module.id })
    this.logins = new Expiring(now, loginTtlMs)
    this.codes = new Expiring(now, module.codeTtlMs)
    this.sessions = new Sessions(now, module.liveSessions)
    this.orders = new OrderBook(now, random)
    this.#module = module
    this.#limits = hasLimits ? new Limits(now) : undefined
    this.#key = random.bytes(32)
  }
  /** Registers or changes an app, and makes its person. */
  register(app: SimulatedApp): SimulatedUser {
    this.apps.register(app, this.#module.login !== undefined)
    return this.personOf(app)
  }
  personOf({ apiKey, userId }: SimulatedApp): SimulatedUser {
    return this.users.personOf(apiKey, userId)
  }
  /** Counts a call against the limits; always true where the simulator was started without them. */
  allows(key: string, windows: readonly CallWindow[]): boolean {
    return this.#limits?.allows(key, windows) ?? true
  }
  /** Whose session an exchange grants: the person who logged in, but for the fault `wrong_user`. */
  granteeOf(call: Call, userId: string): SimulatedUser {
    return call.grantsWrongUser ? this.users.otherThan(userId) : this.users.get(userId)!
  }
  /** Opens a session of now; an `access` token that lives until the broker's day ends, unless it says otherwise. */
  openSession(session: NewSession): SimulatedSession {
    const issuedAt = this.now()
    const expiresAt = nextIst(this.#module.dayEnds, issuedAt)
    return this.sessions.open({ kind: 'access', issuedAt, expiresAt, ...session })
  }
  /** Sends a one-time code to a person's phone; the simulator tells it ({@link Simulator.codeSentTo}). */
  sendCode(userId: string): string {
    const code = String(Buffer.from(this.random.bytes(4)).readUInt32BE() % 1_000_000).padStart(6, '0')
    this.#phones.set(userId, code)
    return code
  }
  codeSentTo(userId: string): string | undefined {
    return this.#phones.get(userId)
  }
  /** A JSON web token, signed with a key that nobody else has. */
  jwt(claims: Readonly<Record<string, unknown>>): string {
    const content = [{ typ: 'JWT', kid: 'simulator', alg: 'HS256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${content}.${createHmac('sha256', this.#key).update(content).digest('base64url')}`
  }
}
