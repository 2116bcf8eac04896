import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, } from 'kysely';
import { unknownOutcome } from '../faults.js';
/** Kysely's view of one handle; the handle itself may be reopened underneath. */
class QueryConnection {
    #handle;
    constructor(handle) {
        this.#handle = handle;
    }
    async executeQuery(query) {
        const { rows, changes } = this.#handle().run(query.sql, query.parameters);
        return { rows: rows, numAffectedRows: changes };
    }
    streamQuery() {
        throw new Error('The stores read in pages, not in streams.');
    }
}
/** Kysely over the writing handle: `mutex` makes one transaction at a time of it. */
class WriterDriver {
    #file;
    #mutex;
    #connection;
    constructor(file, mutex) {
        this.#file = file;
        this.#mutex = mutex;
        this.#connection = new QueryConnection(() => file.writer);
    }
    async init() { }
    async acquireConnection() {
        await this.#mutex.acquire();
        return this.#connection;
    }
    async releaseConnection() {
        this.#mutex.release();
    }
    async beginTransaction() {
        this.#file.writer.run('begin immediate');
    }
    async commitTransaction() {
        commit(this.#file);
    }
    async rollbackTransaction() {
        rollback(this.#file);
    }
    async destroy() { }
}
class ReaderDriver {
    #connection;
    constructor(file) {
        this.#connection = new QueryConnection(() => file.reader);
    }
    async init() { }
    async acquireConnection() {
        return this.#connection;
    }
    async releaseConnection() { }
    async beginTransaction(connection) {
        await connection.executeQuery(CompiledQuery.raw('begin'));
    }
    async commitTransaction(connection) {
        await connection.executeQuery(CompiledQuery.raw('commit'));
    }
    async rollbackTransaction(connection) {
        await connection.executeQuery(CompiledQuery.raw('rollback'));
    }
    async destroy() { }
}
/** Commits, or says that nobody knows and lets the next use find out. */
export function commit(file) {
    try {
        file.writer.run('commit');
    }
    catch (error) {
        rollback(file);
        file.reopenLater();
        throw unknownOutcome(error);
    }
}
/**
 * Takes back what is open, if anything still is: SQLite rolls back by itself on some errors. Never throws, so that
 * the first error stays the one that is told; a handle that cannot roll back is closed, which does it too.
 */
export function rollback(file) {
    if (!file.isInTransaction)
        return;
    try {
        file.writer.run('rollback');
    }
    catch {
        file.reopenLater();
    }
}
function dialect(createDriver) {
    return {
        createDriver,
        createAdapter: () => new SqliteAdapter(),
        createQueryCompiler: () => new SqliteQueryCompiler(),
        createIntrospector: (db) => new SqliteIntrospector(db),
    };
}
export function writerDialect(file, mutex) {
    return dialect(() => new WriterDriver(file, mutex));
}
export function readerDialect(file) {
    return dialect(() => new ReaderDriver(file));
}
