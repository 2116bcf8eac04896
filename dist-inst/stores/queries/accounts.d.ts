import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'accounts' | 'account' | 'accountByAlias' | 'accountsOfApp' | 'insertAccount' | 'updateAccount' | 'deleteAccount'>;
export declare function accountQueries(db: Kysely<Schema>): Queries;
export {};
