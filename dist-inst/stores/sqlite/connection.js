import { DatabaseSync } from 'node:sqlite';
import { BhorError } from '../../core/errors.js';
import { inOurWords } from './faults.js';
/** How long SQLite itself waits for another process before `store_busy`. */
const busyTimeoutMs = 5_000;
/** Statements kept ready; queries with lists make many shapes. */
const keptStatements = 256;
const pragmas = [
    'journal_mode = wal',
    'synchronous = full',
    'fullfsync = on',
    'secure_delete = on',
    'foreign_keys = on',
    'trusted_schema = off',
    'cell_size_check = on',
    'temp_store = memory',
    'journal_size_limit = 16777216',
];
/** One handle on the database file with its prepared statements. */
export class SqliteConnection {
    raw;
    #prepared = new Map();
    constructor(path, role) {
        this.raw = inOurWords(() => {
            const raw = new DatabaseSync(path, { timeout: busyTimeoutMs, defensive: true, allowExtension: false });
            try {
                for (const pragma of pragmas)
                    raw.exec(`pragma ${pragma}`);
                if (role === 'reader')
                    raw.exec('pragma query_only = on');
                if (raw.prepare('pragma journal_mode').get()?.journal_mode !== 'wal') {
                    throw new BhorError('store_foreign', 'The file system under the store does not support SQLite’s WAL.');
                }
            }
            catch (error) {
                raw.close();
                throw error;
            }
            return raw;
        });
    }
    /** The statement for this text, prepared once. */
    prepare(sql) {
        const known = this.#prepared.get(sql);
        if (known)
            return known;
        const statement = this.raw.prepare(sql);
        const prepared = { statement, isReader: statement.columns().length > 0 };
        if (this.#prepared.size >= keptStatements)
            this.#prepared.delete(this.#prepared.keys().next().value);
        this.#prepared.set(sql, prepared);
        return prepared;
    }
    run(sql, values = []) {
        return inOurWords(() => {
            const { statement, isReader } = this.prepare(sql);
            if (isReader)
                return { rows: statement.all(...values), changes: 0n };
            return { rows: [], changes: BigInt(statement.run(...values).changes) };
        });
    }
    close() {
        this.#prepared.clear();
        if (this.raw.isOpen)
            this.raw.close();
    }
}
/**
 * The open file: one handle that writes and one that reads what is committed, so that a read never waits for
 * a transaction nor sees the middle of one.
 */
export class SqliteFile {
    #path;
    #writer;
    #reader;
    #isClosed = false;
    constructor(path) {
        this.#path = path;
    }
    get writer() {
        this.#refuseWhenClosed();
        this.#writer ??= new SqliteConnection(this.#path, 'writer');
        return this.#writer;
    }
    get reader() {
        this.#refuseWhenClosed();
        this.#reader ??= new SqliteConnection(this.#path, 'reader');
        return this.#reader;
    }
    get isInTransaction() {
        return this.#writer?.raw.isOpen === true && this.#writer.raw.isTransaction;
    }
    /**
     * After a commit that failed, only SQLite's recovery tells what the disk holds, and it runs when the last handle
     * is closed and the file is opened anew. The next use does that.
     */
    reopenLater() {
        this.#reader?.close();
        this.#writer?.close();
        this.#reader = undefined;
        this.#writer = undefined;
    }
    close() {
        this.reopenLater();
        this.#isClosed = true;
    }
    #refuseWhenClosed() {
        if (this.#isClosed)
            throw new BhorError('store_unavailable', 'The store is closed.');
    }
}
