import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { BhorError } from '../../core/errors.js';
import { printable } from '../../core/redact.js';
/** Far more than a key has; a file that is larger is not read. */
const largestBytes = 4096;
/**
 * Reads a small private file without following links or waiting on a pipe; undefined when there is none.
 *
 * @throws BhorError `key_unusable`, `permissions_too_wide`
 */
export function readKeyFile({ path, forbiddenBits, mustBeOwn }) {
    const shown = printable(path, 400);
    const unusable = (why, cause) => new BhorError('key_unusable', `The master key file ${shown} ${why}.`, { cause });
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
        throw unusable('is a symbolic link');
    let file;
    try {
        file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    }
    catch (error) {
        const code = error.code;
        if (code === 'ENOENT')
            return undefined;
        if (code === 'ELOOP')
            throw unusable('is a symbolic link');
        throw unusable(`cannot be read (${code})`, error);
    }
    try {
        const stats = fstatSync(file);
        if (stats.isDirectory())
            throw unusable('is a folder');
        if (!stats.isFile())
            throw unusable('is not a plain file');
        if (stats.nlink > 1)
            throw unusable('has several names (hard links)');
        const self = process.getuid?.();
        if (self !== undefined && mustBeOwn && stats.uid !== self) {
            throw new BhorError('permissions_too_wide', `The master key file ${shown} belongs to another user.`, {
                hint: 'chown it to the user that runs bhor.',
            });
        }
        if (self !== undefined && (stats.mode & forbiddenBits) !== 0) {
            const command = `chmod 600 ${shown}`;
            throw new BhorError('permissions_too_wide', `The master key file is open to other users: ${command}`, {
                hint: command,
            });
        }
        if (stats.size > largestBytes)
            throw unusable('is too large for a key');
        const bytes = Buffer.alloc(largestBytes);
        return bytes.subarray(0, readSync(file, bytes, 0, largestBytes, 0));
    }
    finally {
        closeSync(file);
    }
}
