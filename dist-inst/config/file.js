import { readFileSync, statSync } from 'node:fs';
import { BhorError } from '../core/errors.js';
/**
 * The text of `config.toml`; undefined when there is none.
 *
 * @param self the user who must own it, besides root
 * @throws BhorError `config_invalid`, `permissions_too_wide`
 */
export function readConfigFile(path, self = process.getuid?.()) {
    const bytes = readBytes(path, self);
    if (bytes === undefined)
        return undefined;
    const text = decoded(bytes);
    // An editor or a full disk left it so; falling back to every default would be a silent change.
    if (text.trim() === '') {
        throw new BhorError('config_invalid', 'config.toml is empty.', {
            hint: 'Write an option into it, or delete it.',
        });
    }
    return text;
}
function readBytes(path, self) {
    try {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (!stats)
            return undefined;
        checkStats(path, stats, self);
        return readFileSync(path);
    }
    catch (error) {
        if (error instanceof BhorError)
            throw error;
        const { code } = error;
        throw new BhorError('config_invalid', `config.toml cannot be read (${code ?? 'unknown'}).`, {
            hint: `Check ${path} and its permissions.`,
            cause: error,
        });
    }
}
/** Of what a link points to: whoever can write there decides how bhor runs. */
function checkStats(path, stats, self) {
    if (!stats.isFile())
        throw new BhorError('config_invalid', 'config.toml is not a plain file.');
    if (self === undefined)
        return;
    if (stats.uid !== self && stats.uid !== 0) {
        throw new BhorError('permissions_too_wide', 'config.toml belongs to another user.', {
            hint: `chown ${self} ${path}`,
        });
    }
    if ((stats.mode & 0o022) !== 0) {
        throw new BhorError('permissions_too_wide', 'config.toml can be written by others.', {
            hint: `chmod go-w ${path}`,
        });
    }
}
function decoded(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        throw new BhorError('config_invalid', 'config.toml is not UTF-8.', { hint: 'Save it as UTF-8.' });
    }
}
