import type { SimulatedApp } from './apps.ts'
import type { Fault } from './faults.ts'
import type { CallFilter, RecordedCall } from './history.ts'
import type { MovableClock } from './movable-clock.ts'
import type { Person } from './person.ts'
import type { SimulatedUser } from './users.ts'

/** A session of an earlier run, to be known again. */
export interface AdoptedSession {
  readonly broker: string
  readonly apiKey: string
  readonly userId: string
  readonly accessToken: string
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
  /** Ends the app's session from outside, as a master logout does; false when there was none. */
  killSession(broker: string, apiKey: string): boolean
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
  readonly clock: Pick<MovableClock, 'now' | 'advance' | 'set'>
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
