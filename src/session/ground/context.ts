import type { AuditLog } from '../../contracts/audit.ts'
import type { Broker } from '../../contracts/broker.ts'
import type { Net } from '../../contracts/net.ts'
import type { Sandbox } from '../../contracts/sandbox.ts'
import type { Vault } from '../../contracts/secrets.ts'
import type { AccountRecord, Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import type { Feed } from './feed.ts'
import type { Flights } from './flights.ts'

/** Everything that the domain is given. It opens nothing itself. */
export interface SessionContext {
  readonly store: Store
  readonly vault: Vault
  readonly audit: AuditLog
  readonly net: Net
  readonly clock: Clock
  readonly random: Random
  readonly feed: Feed
  readonly flights: Flights
  /** Absent where nobody offers one: sandbox accounts are then refused. */
  readonly sandbox?: Sandbox
  /** The callback address to register for a broker, e.g. `http://127.0.0.1:7878/callback/kite`. */
  redirectUrl(broker: string): string
  /** @throws BhorError `broker_not_found` */
  broker(id: string): Promise<Broker>
  /** Origins by role: the broker's own, the configured ones, or the simulator's. */
  hosts(
    broker: Broker,
    account: Pick<AccountRecord, 'kind' | 'fields'>,
  ): Promise<Readonly<Record<string, string>>>
}
