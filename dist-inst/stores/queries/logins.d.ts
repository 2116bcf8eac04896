import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'login' | 'loginByState' | 'openLogins' | 'insertLogin' | 'updateLogin'>;
export declare function loginQueries(db: Kysely<Schema>): Queries;
export {};
