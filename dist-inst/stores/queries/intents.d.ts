import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'openIntents' | 'insertIntent' | 'updateIntent'>;
export declare function intentQueries(db: Kysely<Schema>): Queries;
export {};
