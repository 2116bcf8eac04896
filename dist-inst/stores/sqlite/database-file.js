import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BhorError } from '../../core/errors.js';
import { printable } from '../../core/redact.js';
import { inOurWords } from './faults.js';
import { checkFile, createPrivateFile, readStart, syncFolder } from './file-checks.js';
/** `bhor` in ASCII: marks a database as ours (https://www.sqlite.org/fileformat.html, offset 68). */
export const applicationId = 0x62686f72;
const magic = Buffer.from('SQLite format 3\0', 'latin1');
const headerLength = 100;
/**
 * Makes sure that `path` is a database of ours, and makes one when nothing is there. The new file gets its
 * name only when it is a valid database, so that an empty file is never mistaken for one that was just begun.
 * Call it while holding the folder's lock.
 *
 * @throws BhorError `store_foreign`, `permissions_too_wide`
 */
export function prepareDatabaseFile(path) {
    for (const beside of [`${path}-wal`, `${path}-shm`])
        checkFile(beside);
    if (checkFile(path)) {
        refuseForeign(path);
        return;
    }
    const fresh = `${path}.new`;
    for (const leftover of [fresh, `${fresh}-wal`, `${fresh}-shm`, `${fresh}-journal`]) {
        if (checkFile(leftover))
            rmSync(leftover);
    }
    inOurWords(() => {
        createPrivateFile(fresh);
        using database = new DatabaseSync(fresh);
        database.exec(`pragma application_id = ${applicationId}`);
        database.exec('pragma journal_mode = wal');
    });
    renameSync(fresh, path);
    syncFolder(dirname(path));
}
function refuseForeign(path) {
    const header = readStart(path, headerLength);
    const isDatabase = header.length === headerLength && header.subarray(0, magic.length).equals(magic);
    if (isDatabase && header.readUInt32BE(68) === applicationId)
        return;
    const why = header.length === 0 ? 'is empty and' : isDatabase ? 'is a database of another program and' : '';
    throw new BhorError('store_foreign', `${[printable(path, 400), why, 'is not a bhor store.'].filter(Boolean).join(' ')}`);
}
