import { type Dialect } from 'kysely';
import type { Mutex } from '../mutex.ts';
import type { SqliteFile } from './connection.ts';
/** Commits, or says that nobody knows and lets the next use find out. */
export declare function commit(file: SqliteFile): void;
/**
 * Takes back what is open, if anything still is: SQLite rolls back by itself on some errors. Never throws, so that
 * the first error stays the one that is told; a handle that cannot roll back is closed, which does it too.
 */
export declare function rollback(file: SqliteFile): void;
export declare function writerDialect(file: SqliteFile, mutex: Mutex): Dialect;
export declare function readerDialect(file: SqliteFile): Dialect;
