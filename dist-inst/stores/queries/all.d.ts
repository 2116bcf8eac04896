import type { Kysely } from 'kysely';
import type { StoreReads, StoreTransaction } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
/** Every query over one connection or transaction. */
export declare function allQueries(db: Kysely<Schema>): StoreTransaction;
/** The reads that a store offers outside of transactions. */
export declare function allReads(db: Kysely<Schema>): StoreReads;
/** Runs work on the store so that only errors of bhor's own leave it. */
export declare function outwardly<T>(work: () => Promise<T>): Promise<T>;
