import type { Kysely, Selectable } from 'kysely';
import type { AuditHead } from '../../contracts/audit.ts';
import type { AppendAudit, StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
export type AuditRow = Selectable<Schema['audit']>;
type Queries = Pick<StoreTransaction, 'auditHead' | 'auditRecords' | 'latestAudit' | 'appendAudit'>;
/** The end of the chain. Every writer holds the chain's lock, so that it is still the end when the next link is written. */
export declare function readHead(db: Kysely<Schema>): Promise<AuditHead>;
/** Stores what `append` computed. */
export declare function writeLinks(db: Kysely<Schema>, { links, head }: ReturnType<AppendAudit>): Promise<void>;
export declare function auditQueries(db: Kysely<Schema>): Queries;
export {};
