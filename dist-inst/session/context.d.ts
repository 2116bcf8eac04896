import type { Actor, AuditEntry, AuditLog } from '../contracts/audit.ts';
import type { Broker } from '../contracts/broker.ts';
import type { Net } from '../contracts/net.ts';
import type { Sandbox } from '../contracts/sandbox.ts';
import type { Vault } from '../contracts/secrets.ts';
import type { AccountKind, AccountRecord, Store } from '../contracts/store.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Changes } from './changes.ts';
/** Everything that the domain is given. It opens nothing itself. */
export interface SessionContext {
    readonly store: Store;
    readonly vault: Vault;
    readonly audit: AuditLog;
    readonly net: Net;
    readonly clock: Clock;
    readonly random: Random;
    readonly changes: Changes;
    /** Absent where nobody offers one: sandbox accounts are then refused. */
    readonly sandbox?: Sandbox;
    /** The callback address to register for a broker, e.g. `http://127.0.0.1:7878/callback/kite`. */
    redirectUrl(broker: string): string;
    /** @throws BhorError `broker_not_found` */
    broker(id: string): Promise<Broker>;
    /** Origins by role: the broker's own, the configured ones, or the simulator's. */
    hosts(broker: Broker, kind: AccountKind): Promise<Readonly<Record<string, string>>>;
}
/** Who asks, for the record and for the rights. */
export interface Principal {
    readonly actor: Actor;
    readonly scopes: ReadonlySet<string>;
    /** Account ids; null for all. */
    readonly accountIds: ReadonlySet<string> | null;
}
/** The beginning of an audit entry about `account`. */
export declare function entryOf(context: Pick<SessionContext, 'clock'>, actor: Actor, account: Pick<AccountRecord, 'id' | 'alias'> | undefined, rest: Pick<AuditEntry, 'action' | 'result'> & Partial<AuditEntry>): AuditEntry;
