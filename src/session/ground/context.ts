import type { AuditLog } from '../../contracts/audit.ts'
import type { Broker } from '../../contracts/broker.ts'
import type { MirrorFiles } from '../../contracts/mirrors.ts'
import type { Net } from '../../contracts/net.ts'
import type { Sandbox } from '../../contracts/sandbox.ts'
import type { SecretSources } from '../../contracts/secret-sources.ts'
import type { Vault } from '../../contracts/secrets.ts'
import type { AccountRecord, Store } from '../../contracts/store.ts'
import type { Lease } from '../../contracts/work.ts'
import type { JudgedClock } from '../../core/judged-clock.ts'
import type { Random } from '../../core/random.ts'
import type { Alerting } from '../alerts/alerting.ts'
import type { Staying } from '../browsers/limits.ts'
import type { Health } from '../gate/health.ts'
import type { Hygiene } from '../hygiene/unused.ts'
import type { Planner } from '../keeper/planner.ts'
import type { Morning } from '../morning/times.ts'
import type { Feed } from './feed.ts'
import type { Flights } from './flights.ts'
import type { Pace } from './pace.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Refusals } from './refusals.ts'

/** Where the porch is reached. */
export interface Porch {
  /** From outside, without a slash at the end: `https://bhor.example`. */
  readonly url: string
  /** From this computer; undefined as long as it is not open. */
  readonly local: string | undefined
}

/** Everything that the domain is given. It opens nothing itself. */
export interface SessionContext {
  readonly store: Store
  readonly vault: Vault
  readonly audit: AuditLog
  readonly net: Net
  readonly clock: JudgedClock
  readonly random: Random
  readonly feed: Feed
  readonly flights: Flights
  /** Writes down what is due next for every account that something has happened to. */
  readonly planner: Planner
  /** What this is done for: every change holds it, or changes nothing. */
  readonly lease?: Lease
  readonly refusals: Refusals
  readonly rateLimits: RateLimits
  /** What is wrong with bhor itself; every gate is closed meanwhile. */
  readonly health: Health
  /** After how long without use something is named; the usual when left out. */
  readonly hygiene?: Hygiene
  /** By when the accounts must be ready, and when who is missing is called; the usual when left out. */
  readonly morning?: Morning
  /** By which people and programs are told; nobody is when left out. */
  readonly alerting?: Alerting
  /** How long a browser stays signed in; the usual when left out. */
  readonly staying?: Staying
  /** Holds back the calls of accounts that have a rate of their own; nobody does when left out. */
  readonly pace?: Pace
  /** Asks for app secrets that the user keeps elsewhere. */
  readonly secretSources?: SecretSources
  /** Writes the files of mirrors; nobody does when left out. */
  readonly mirrorFiles?: MirrorFiles
  /** Absent where nobody offers one: sandbox accounts are then refused. */
  readonly sandbox?: Sandbox
  /** Its clock is moved by hand: no other account is added. */
  readonly onlySandbox?: boolean
  /** Who says by which address an account leaves; nobody when left out or empty. */
  egressEcho?(account: Pick<AccountRecord, 'kind' | 'broker' | 'fields'>): Promise<readonly string[]>
  /** The desk's callback address for a broker, e.g. `http://127.0.0.1:7878/callback/kite`. */
  redirectUrl(broker: string): string
  /** The address at which a person reaches what stands under this path, e.g. `/hooks/login/…`. */
  linkTo(path: string): string
  /** The door for whoever comes from outside; undefined where there is none. */
  porch?(): Porch | undefined
  /** @throws BhorError `broker_not_found` */
  broker(id: string): Promise<Broker>
  /** Origins by role: the broker's own, the configured ones, or the simulator's. */
  hosts(
    broker: Broker,
    account: Pick<AccountRecord, 'kind' | 'fields'>,
  ): Promise<Readonly<Record<string, string>>>
}
