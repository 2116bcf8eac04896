import type { Kysely } from 'kysely';
import type { Watch, Watched } from '../../contracts/store.ts';
import type { Schema } from '../schema.ts';
type AccountFact = Watched['accounts'] extends ReadonlyMap<string, infer Fact> ? Fact : never;
/** Reads what a hand-out watches, inside the transaction that writes its record. */
export declare function readWatched(db: Kysely<Schema>, watch: Watch): Promise<Watched>;
/** `none` before the first session. */
export declare function statusOf(stored: string | null): AccountFact['status'];
export {};
