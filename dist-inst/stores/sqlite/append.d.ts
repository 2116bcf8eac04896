import type { AuditHead } from '../../contracts/audit.ts';
import type { AppendAudit, Watch, Watched } from '../../contracts/store.ts';
import type { SqliteFile } from './connection.ts';
/**
 * The hot path: one durable commit for a batch of audit records, on prepared statements, in one go and without
 * waiting for anything. Only call it while holding the writer's mutex.
 */
export declare function appendNow(file: SqliteFile, watch: Watch, append: (head: AuditHead, watched: Watched) => ReturnType<AppendAudit>): void;
