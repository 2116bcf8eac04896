import { dirname, resolve } from 'node:path';
import { Kysely } from 'kysely';
import { migrate } from '../migrations.js';
import { Mutex } from '../mutex.js';
import { allQueries, allReads, outwardly } from '../queries/all.js';
import { appendNow } from './append.js';
import { SqliteFile } from './connection.js';
import { prepareDatabaseFile } from './database-file.js';
import { readerDialect, writerDialect } from './driver.js';
import { prepareFolder, refuseNetworkFilesystem } from './file-checks.js';
import { lockFolder } from './lock.js';
/** Opens or makes the store in one file; see `openStore`. */
export async function openSqlite({ path, clock, steps }) {
    const place = resolve(path);
    const folder = dirname(place);
    prepareFolder(folder);
    refuseNetworkFilesystem(folder);
    using opening = new DisposableStack();
    opening.use(lockFolder(folder, clock));
    prepareDatabaseFile(place);
    const file = new SqliteFile(place);
    opening.defer(() => file.close());
    const mutex = new Mutex();
    const writing = new Kysely({ dialect: writerDialect(file, mutex) });
    const reading = new Kysely({ dialect: readerDialect(file) });
    await outwardly(() => migrate(writing, 'sqlite', clock.nowMs(), steps));
    const open = opening.move();
    const transaction = (work) => outwardly(() => writing.transaction().execute((tx) => work(allQueries(tx))));
    return {
        engine: 'sqlite',
        isShared: false,
        ...allReads(reading),
        transaction,
        async appendAudit(watch, append) {
            if (!mutex.tryAcquire())
                await mutex.acquire();
            try {
                await outwardly(async () => appendNow(file, watch, append));
            }
            finally {
                mutex.release();
            }
        },
        async check() {
            await transaction((tx) => tx.setMeta('store.checked_at_ms', String(clock.nowMs())));
            await outwardly(async () => void file.reader.run('select value from meta limit 1'));
        },
        async [Symbol.asyncDispose]() {
            await mutex.run(async () => open.dispose());
        },
    };
}
