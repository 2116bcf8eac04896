import { Kysely } from 'kysely';
import pg from 'pg';
import { BhorError } from '../../core/errors.js';
import { migrate } from '../migrations.js';
import { Mutex } from '../mutex.js';
import { allQueries, allReads, outwardly } from '../queries/all.js';
import { readHead, writeLinks } from '../queries/audit.js';
import { readWatched } from '../queries/watched.js';
import { checkAddress } from './address.js';
import { postgresDialect } from './driver.js';
import { SerializationFault } from './faults.js';
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;
/** Writers take turns, so a conflict is rare; every one means that somebody else got on. */
const mostAttempts = 20;
/** The type id of `bigint`, whose text is a number for us: counters and milliseconds stay far below 2^53. */
const bigintType = 20;
function openPool(url, poolSize) {
    const pool = new pg.Pool({
        connectionString: url,
        max: poolSize,
        connectionTimeoutMillis: connectTimeoutMs,
        query_timeout: statementTimeoutMs,
        keepAlive: true,
        application_name: 'bhor',
        types: {
            getTypeParser: ((type, format) => type === bigintType && format !== 'binary'
                ? Number
                : pg.types.getTypeParser(type, format)),
        },
    });
    // An idle connection that dies is replaced at the next use, which tells if that fails.
    pool.on('error', () => { });
    return pool;
}
/** Opens or makes the store in a Postgres database; see `openStore`. */
export async function openPostgres({ url, clock, poolSize = 10, steps }) {
    checkAddress(url);
    const pool = openPool(url, poolSize);
    const db = new Kysely({ dialect: postgresDialect(pool) });
    try {
        await outwardly(() => migrate(db, 'postgres', clock.nowMs(), steps));
    }
    catch (error) {
        await pool.end();
        throw error;
    }
    const mutex = new Mutex();
    let isClosed = false;
    /** One at a time, and again when another server's transaction got in the way. */
    async function inTurn(isolation, work) {
        if (isClosed)
            throw new BhorError('store_unavailable', 'The store is closed.');
        return await mutex.run(async () => {
            for (let attempt = 1;; attempt++) {
                try {
                    return await outwardly(() => db.transaction().setIsolationLevel(isolation).execute(work));
                }
                catch (error) {
                    if (!(error instanceof SerializationFault))
                        throw error;
                    if (attempt < mostAttempts)
                        continue;
                    throw new BhorError('store_busy', 'Other servers keep changing the same rows.', { cause: error });
                }
            }
        });
    }
    const transaction = (work) => inTurn('serializable', (tx) => work(allQueries(tx)));
    return {
        engine: 'postgres',
        isShared: true,
        ...allReads(db),
        transaction,
        appendAudit: (watch, append) => inTurn('read committed', async (tx) => {
            const head = await readHead(tx);
            await writeLinks(tx, append(head, await readWatched(tx, watch)));
        }),
        check: () => transaction((tx) => tx.setMeta('store.checked_at_ms', String(clock.nowMs()))),
        async [Symbol.asyncDispose]() {
            if (isClosed)
                return;
            isClosed = true;
            await mutex.run(() => pool.end());
        },
    };
}
