import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'app' | 'appByKey' | 'insertApp' | 'updateApp' | 'deleteApp'>;
export declare function appQueries(db: Kysely<Schema>): Queries;
export {};
