import { DatabaseSync, type StatementSync } from 'node:sqlite';
interface Prepared {
    readonly statement: StatementSync;
    /** Whether it gives rows back. */
    readonly isReader: boolean;
}
/** One handle on the database file with its prepared statements. */
export declare class SqliteConnection {
    #private;
    readonly raw: DatabaseSync;
    constructor(path: string, role: 'writer' | 'reader');
    /** The statement for this text, prepared once. */
    prepare(sql: string): Prepared;
    run(sql: string, values?: readonly unknown[]): {
        rows: unknown[];
        changes: bigint;
    };
    close(): void;
}
/**
 * The open file: one handle that writes and one that reads what is committed, so that a read never waits for
 * a transaction nor sees the middle of one.
 */
export declare class SqliteFile {
    #private;
    constructor(path: string);
    get writer(): SqliteConnection;
    get reader(): SqliteConnection;
    get isInTransaction(): boolean;
    /**
     * After a commit that failed, only SQLite's recovery tells what the disk holds, and it runs when the last handle
     * is closed and the file is opened anew. The next use does that.
     */
    reopenLater(): void;
    close(): void;
}
export {};
