import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'latestSession' | 'latestSessions' | 'insertSession' | 'updateSession'>;
export declare function sessionQueries(db: Kysely<Schema>): Queries;
export {};
