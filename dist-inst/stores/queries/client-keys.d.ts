import type { Kysely } from 'kysely';
import type { StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type Queries = Pick<StoreTransaction, 'clientKeys' | 'clientKeyByHash' | 'insertClientKey' | 'updateClientKey'>;
export declare function clientKeyQueries(db: Kysely<Schema>): Queries;
export {};
