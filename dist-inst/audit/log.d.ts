import type { AuditLog, AuditRecord } from '../contracts/audit.ts';
import type { Vault } from '../contracts/secrets.ts';
import type { Store } from '../contracts/store.ts';
import type { Clock } from '../core/clock.ts';
/** The log, with the reads that people and the dashboard use. */
export interface OpenAuditLog extends AuditLog {
    /** The newest first; of one account when named. */
    latest(limit: number, accountId?: string, beforeSeq?: number): Promise<readonly AuditRecord[]>;
}
/**
 * The audit log of a store. Records that come in the same turn of the event loop share one
 * durable commit; while it runs the next group gathers.
 */
export declare function openAuditLog({ store, vault, clock, }: {
    store: Store;
    vault: Pick<Vault, 'auditMac'>;
    clock: Pick<Clock, 'nowMs'>;
}): OpenAuditLog;
