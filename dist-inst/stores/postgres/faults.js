import { BhorError, isBhorError } from '../../core/errors.js';
import { ConstraintFault } from '../faults.js';
/** A conflict with another transaction: nothing was changed, and the same work may succeed at once. */
export class SerializationFault extends Error {
    name = 'SerializationFault';
}
/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) in our words; whole codes first, then classes. */
const states = {
    '25006': ['store_readonly', 'The database takes no writes: it is read-only or a standby.'],
    '53100': ['store_full', 'There is no space left for the database.'],
    '55P03': ['store_busy', 'Another server holds the store.'],
    '57014': ['store_busy', 'The database took too long.'],
    '42501': ['store_unavailable', 'The database role may not read or write bhor’s tables.'],
    '22021': ['bad_field', 'A text holds a character that the database cannot keep.'],
    '3F000': ['store_unavailable', 'The database role may not read or write bhor’s tables.'],
    '3D000': ['store_unavailable', 'The database does not exist.'],
    '28': ['store_unavailable', 'The database refused the login.'],
    '08': ['store_unavailable', 'The connection to the database is lost.'],
    '53': ['store_unavailable', 'The database has no resources left.'],
    '57': ['store_unavailable', 'The database is shutting down or starting.'],
    '58': ['store_unavailable', 'The disk under the database reports an error.'],
    XX: ['store_damaged', 'Store is damaged: the database reports it.'],
};
function stateOf(error) {
    const code = error?.code;
    return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
/**
 * An error of `pg` in our words. Its own texts may quote values and addresses; they stay in `cause`.
 * What has no SQLSTATE comes from the connection.
 */
export function postgresFault(error) {
    if (isBhorError(error) || error instanceof ConstraintFault || error instanceof SerializationFault)
        return error;
    const state = stateOf(error);
    if (state === undefined) {
        return new BhorError('store_unavailable', 'The database cannot be reached.', { cause: error });
    }
    if (state === '40001' || state === '40P01')
        return new SerializationFault('Another transaction was faster.', { cause: error });
    if (state.startsWith('23')) {
        const kind = state === '23505' ? 'unique' : state === '23503' ? 'reference' : 'other';
        return new ConstraintFault(kind, error);
    }
    const [code, message] = states[state] ??
        states[state.slice(0, 2)] ?? ['internal', 'The database refused a statement.'];
    return new BhorError(code, message, { cause: error, facts: { sqlstate: state } });
}
