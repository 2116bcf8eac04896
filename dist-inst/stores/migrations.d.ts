import { type Kysely } from 'kysely';
import type { Schema } from './schema.ts';
export type Engine = 'sqlite' | 'postgres';
/** One step of the schema. A step that has been released is never edited; a change is a new step at the end. */
export interface Migration {
    readonly name: string;
    /** The statements, in order, in the words of one engine. */
    readonly statements: (engine: Engine) => readonly string[];
}
/** In the order in which they run; the version of a store is how many of them it has seen. */
export declare const migrations: readonly Migration[];
/**
 * Brings a store to the newest schema, one transaction a step, each with its version row: a crash leaves the
 * old schema or the new one. Every step runs under a lock and looks at the version again.
 *
 * @throws BhorError `store_newer`
 */
export declare function migrate(db: Kysely<Schema>, engine: Engine, nowMs: number, steps?: readonly Migration[]): Promise<void>;
