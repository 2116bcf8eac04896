import type { SimulatedApp } from './apps.ts'
import type { Fault } from './faults.ts'
import type { CallFilter, RecordedCall } from './history.ts'
import type { MovableClock } from './movable-clock.ts'
import type { Person } from './person.ts'
import type { SimulatedUser } from './users.ts'
import type { AskedApproval } from './world.ts'

/** A session of an earlier run, to be known again. */
export interface AdoptedSession {
  readonly broker: string
  readonly apiKey: string
  readonly userId: string
  readonly accessToken: string
  /** `access` when left out; Kite knows `refresh` too. */
  readonly kind?: string | undefined
  readonly expiresAt: Temporal.Instant | string
}

/** A running simulator: one loopback port for each broker, and the means to make them misbehave. */
export interface Simulator extends AsyncDisposable {
  /** The first broker's origin, which serves `/control/*` too: `http://127.0.0.1:7890` */
  readonly url: string
  readonly port: number
  /** The ids of the simulated brokers, in the order of their ports. */
  readonly brokers: readonly string[]
  /**
   * The origins to use instead of the broker's, by host role: `login` and `api` for Kite, `api` and `orders` for
   * Upstox. All roles of a broker share one bare origin (`http://127.0.0.1:7891`).
   *
   * @throws BhorError `broker_not_found`
   */
  hosts(broker: string): Record<string, string>
  /**
   * Registers an app at the broker's console, or changes it. The app gets a person of its own, whom its login page
   * offers, unless it names one.
   *
   * @returns what that person logs in with where there is no login page, by the names of the adapter's account fields
   * @throws BhorError `broker_not_found`, `bad_field`
   */
  registerApp(app: SimulatedApp): Readonly<Record<string, string>>
  /** Adds a client of the broker, or changes one. Throws `broker_not_found`, `bad_field`, `bad_secret`. */
  addUser(user: SimulatedUser): void
  /**
   * Adopts a session from an earlier run, so that a restart does not log a sandbox account out.
   *
   * @throws BhorError `broker_not_found`; `bad_field` when the user is unknown or the time is none
   */
  adoptSession(session: AdoptedSession): void
  /**
   * Registers where approvals for this app are posted to, as the broker's console would.
   *
   * @throws BhorError `bad_field` for any address but one of this computer
   */
  notifyAt(app: { readonly broker: string; readonly apiKey: string; readonly notifierUrl: string }): void
  /** What persons are asked on their phones now, oldest first. They answer at `/approvals` of the broker. */
  approvals(broker: string): readonly AskedApproval[]
  /** Resolves when everything that was to be posted has been, with the statuses that were answered. */
  posted(): Promise<readonly number[]>
  /**
   * Ends the app's session from outside, as a master logout or the morning flush does; false when there was none. With
   * the kind `refresh` its refresh token instead.
   */
  killSession(broker: string, apiKey: string, kind?: string): boolean
  /**
   * Walks the login pages as a person with one tap would, and says where the browser ends: the app's redirect URL
   * with the one-time code. In process: no call is recorded, no fault strikes.
   *
   * @throws BhorError `login_refused`, `broker_not_found`
   */
  logIn(broker: string, loginUrl: string, person?: Person): string
  /** The last one-time code that the broker sent to this user's phone. */
  codeSentTo(broker: string, userId: string): string | undefined
  /** The brokers' clock. Moving it fires no timer. */
  readonly clock: Pick<MovableClock, 'now' | 'advance' | 'set' | 'misdate'>
  readonly faults: {
    /** Throws `bad_field`. */
    add(fault: Fault): void
    clear(): void
  }
  /** What the brokers were asked, oldest first. */
  calls(filter?: CallFilter): RecordedCall[]
  clearCalls(): void
  close(): Promise<void>
  /** Resolves when the simulator has closed. */
  readonly closed: Promise<void>
}
