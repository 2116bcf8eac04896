import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, } from 'kysely';
import { BhorError, isBhorError } from '../../core/errors.js';
import { unknownOutcome } from '../faults.js';
import { postgresFault } from './faults.js';
/** How long one server waits for another's transaction, and how long it may leave its own open. */
const lockTimeoutMs = 5_000;
const idleInTransactionMs = 15_000;
/**
 * Every writer takes the chain's lock first, so that writers of all servers run one after the other, as in SQLite.
 * `lock table` freezes no snapshot: what the transaction reads afterwards is what the writer before it committed.
 * `synchronous_commit` may be off by default in somebody's database; ours is not.
 */
const prelude = [
    'set local synchronous_commit to on',
    `set local lock_timeout to ${lockTimeoutMs}`,
    `set local idle_in_transaction_session_timeout to ${idleInTransactionMs}`,
    'lock table audit_head in share row exclusive mode',
].join('; ');
/** One borrowed connection. A broken one is not given back to the pool. */
class BorrowedClient {
    #client;
    #isBroken = false;
    constructor(client) {
        this.#client = client;
    }
    async executeQuery(query) {
        const { command, rowCount, rows } = await this.send(query.sql, query.parameters);
        const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
        return { rows: rows, ...(isChange ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
    }
    async send(sql, parameters) {
        try {
            return await (parameters ? this.#client.query(sql, [...parameters]) : this.#client.query(sql));
        }
        catch (error) {
            const fault = postgresFault(error);
            if (isBhorError(fault, 'store_unavailable'))
                this.#isBroken = true;
            throw fault;
        }
    }
    async rollback() {
        try {
            await this.send('rollback');
        }
        catch {
            this.#isBroken = true;
        }
    }
    giveBack() {
        this.#client.release(this.#isBroken);
    }
    streamQuery() {
        throw new Error('The stores read in pages, not in streams.');
    }
}
class PostgresDriver {
    #pool;
    constructor(pool) {
        this.#pool = pool;
    }
    async init() { }
    async acquireConnection() {
        try {
            return new BorrowedClient(await this.#pool.connect());
        }
        catch (error) {
            throw postgresFault(error);
        }
    }
    async releaseConnection(connection) {
        connection.giveBack();
    }
    /** A transaction with an isolation level writes records and takes its turn; one without migrates. */
    async beginTransaction(connection, { isolationLevel }) {
        const begin = isolationLevel ? `begin isolation level ${isolationLevel}; ${prelude}` : 'begin';
        try {
            await connection.send(begin);
        }
        catch (error) {
            await connection.rollback();
            throw error;
        }
    }
    async commitTransaction(connection) {
        let command;
        try {
            command = (await connection.send('commit')).command;
        }
        catch (error) {
            throw unknownOutcome(error);
        }
        if (command !== 'COMMIT') {
            throw new BhorError('internal', 'A transaction went on after one of its statements had failed; nothing was stored.');
        }
    }
    async rollbackTransaction(connection) {
        await connection.rollback();
    }
    async destroy() { }
}
export function postgresDialect(pool) {
    return {
        createDriver: () => new PostgresDriver(pool),
        createAdapter: () => new PostgresAdapter(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
    };
}
