import { BhorError, isBhorError } from '../../core/errors.js';
import { ConstraintFault } from '../faults.js';
/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) in our words. */
const codes = {
    5: ['store_busy', 'Another process holds the store.'],
    6: ['store_busy', 'Another process holds the store.'],
    8: ['store_readonly', 'The store cannot be written.'],
    10: ['store_unavailable', 'The disk under the store reports an error.'],
    11: ['store_damaged', 'Store is damaged.'],
    13: ['store_full', 'There is no space left for the store.'],
    14: ['store_unavailable', 'The store’s file cannot be opened.'],
    26: ['store_damaged', 'Store is damaged: its file is not a database any more.'],
};
const uniqueCodes = [1555, 2067, 2579];
const referenceCode = 787;
const constraintCode = 19;
function errcodeOf(error) {
    const errcode = error?.errcode;
    return typeof errcode === 'number' ? errcode : undefined;
}
/** An error of `node:sqlite` in our words. SQLite's own texts name tables and columns, never values; they stay in `cause`. */
export function sqliteFault(error) {
    const errcode = errcodeOf(error);
    if (errcode === undefined || isBhorError(error))
        return error;
    if ((errcode & 0xff) === constraintCode) {
        const kind = uniqueCodes.includes(errcode) ? 'unique' : errcode === referenceCode ? 'reference' : 'other';
        return new ConstraintFault(kind, error);
    }
    const known = codes[errcode & 0xff];
    if (!known)
        return new BhorError('internal', 'The store refused a statement.', { cause: error, facts: { errcode } });
    return new BhorError(known[0], known[1], { cause: error, facts: { errcode } });
}
/** Runs one call to the database and tells its errors in our words. */
export function inOurWords(call) {
    try {
        return call();
    }
    catch (error) {
        throw sqliteFault(error);
    }
}
