import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'keyring' | 'insertKeyring' | 'updateKeyring' | 'meta' | 'setMeta'>;
/** The keyring and the store's own facts (schema, key check value), which belong together. */
export declare function keyringQueries(db: Kysely<Schema>): Queries;
export {};
