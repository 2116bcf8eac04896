import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BhorError, isBhorError } from '../../core/errors.js';
import { printable } from '../../core/redact.js';
import { inOurWords } from './faults.js';
import { checkFile, createPrivateFile } from './file-checks.js';
/**
 * One server per data folder, for as long as the result is not disposed. The lock is the operating system's (an
 * exclusive transaction on `bhor.lock`), so that it ends with the process, however that ends; `bhor.lock.owner`
 * beside it only says who to ask. Nothing may ever open `bhor.lock` but SQLite: closing any other handle of the
 * same process would drop the lock.
 *
 * @throws BhorError `store_locked` with pid, host and since-when
 */
export function lockFolder(folder, clock) {
    const path = join(folder, 'bhor.lock');
    const ownerPath = join(folder, 'bhor.lock.owner');
    if (!checkFile(path))
        createUnlessThere(path);
    for (const beside of [ownerPath, `${path}-journal`])
        checkFile(beside);
    const handle = inOurWords(() => new DatabaseSync(path, { timeout: 0 }));
    try {
        inOurWords(() => handle.exec('pragma journal_mode = memory; begin exclusive'));
    }
    catch (error) {
        handle.close();
        throw isBhorError(error, 'store_busy') ? lockedBy(readOwner(ownerPath)) : error;
    }
    writeOwner(ownerPath, {
        pid: process.pid,
        host: hostname(),
        since: clock.now().toString({ smallestUnit: 'second' }),
    });
    return {
        [Symbol.dispose]() {
            rmSync(ownerPath, { force: true });
            handle.close();
        },
    };
}
/** Two processes may start at the same moment: the slower one finds the file. */
function createUnlessThere(path) {
    try {
        createPrivateFile(path);
    }
    catch (error) {
        if (error.code !== 'EEXIST')
            throw folderFault(error);
    }
}
function folderFault(error) {
    const code = error.code;
    if (code === 'ENOSPC')
        return new BhorError('store_full', 'There is no space left in the data folder.', { cause: error });
    return new BhorError('store_readonly', 'The data folder cannot be written.', { cause: error });
}
function writeOwner(path, owner) {
    const fresh = `${path}.new`;
    try {
        rmSync(fresh, { force: true });
        writeFileSync(fresh, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
        renameSync(fresh, path);
    }
    catch (error) {
        throw folderFault(error);
    }
}
function readOwner(path) {
    try {
        const { pid, host, since } = JSON.parse(readFileSync(path, 'utf8'));
        return Number.isInteger(pid)
            ? { pid, host: printable(String(host), 80), since: printable(String(since), 40) }
            : undefined;
    }
    catch {
        return undefined;
    }
}
function lockedBy(owner) {
    if (!owner)
        return new BhorError('store_locked', 'Another bhor uses this data folder.');
    const { pid, host, since } = owner;
    return new BhorError('store_locked', `Another bhor (pid ${pid} on ${host}, since ${since}) uses this data folder.`, {
        facts: { pid, host, since },
    });
}
