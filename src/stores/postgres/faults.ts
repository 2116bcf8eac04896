import { BhorError, type ErrorCode, isBhorError } from '../../core/errors.ts'
import { ConstraintFault } from '../faults.ts'

/** A conflict with another transaction: nothing was changed, and the same work may succeed at once. */
export class SerializationFault extends Error {
  override readonly name = 'SerializationFault'
}

/** Somebody between us and the database lends its connections to others; it works without prepared statements. */
export class ForgottenStatement extends SerializationFault {}
/** A prepared statement that is not there, and one that is there already. */
const forgotten: readonly string[] = ['26000', '42P05']

/** What `pg-pool` says when each of its connections was lent out for too long. */
const waitedForConnection = 'timeout exceeded when trying to connect'

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) in our words; whole codes first, then classes. */
const states: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  '25006': ['store_readonly', 'The database takes no writes: it is read-only or a standby.'],
  '53100': ['store_full', 'There is no space left for the database.'],
  '55P03': ['store_busy', 'Another server holds the store.'],
  '57014': ['store_busy', 'The database took too long.'],
  '42501': ['store_unavailable', 'The database role may not read or write bhor’s tables.'],
  '22021': ['bad_field', 'A text holds a character that the database cannot keep.'],
  '22P05': ['bad_field', 'A text holds a character that the database cannot keep.'],
  '25P03': ['store_unavailable', 'The database ended a transaction that stood still.'],
  '42P01': ['store_damaged', 'Store is damaged: a table is not there.'],
  '42703': ['store_damaged', 'Store is damaged: a column is not there.'],
  '3F000': ['store_unavailable', 'The database role may not read or write bhor’s tables.'],
  '3D000': ['store_unavailable', 'The database does not exist.'],
  '28': ['store_unavailable', 'The database refused the login.'],
  '08': ['store_unavailable', 'The connection to the database is lost.'],
  '53': ['store_unavailable', 'The database has no resources left.'],
  '57': ['store_unavailable', 'The database is shutting down or starting.'],
  '58': ['store_unavailable', 'The disk under the database reports an error.'],
  XX: ['store_damaged', 'Store is damaged: the database reports it.'],
}

/** The SQLSTATE of what the database itself said; a socket's `EPIPE` looks like one and is none. */
function stateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown }
  return typeof code === 'string' && severity !== undefined ? code : undefined
}

/** Whether the database said it, and not the way to it. */
export function isAnswer(error: unknown): boolean {
  return stateOf(error) !== undefined
}

/**
 * An error of `pg` in our words. Its own texts may quote values and addresses; they stay in `cause`.
 * What has no SQLSTATE comes from the connection.
 */
export function postgresFault(error: unknown): unknown {
  if (isBhorError(error) || error instanceof ConstraintFault || error instanceof SerializationFault)
    return error
  const state = stateOf(error)
  if (state === undefined) {
    if ((error as Error | null)?.message === waitedForConnection)
      return new BhorError(
        'store_unavailable',
        'The database does not answer: every connection to it waits.',
        { cause: error },
      )
    return new BhorError('store_unavailable', 'The database cannot be reached.', { cause: error })
  }
  if (state === '40001' || state === '40P01')
    return new SerializationFault('Another transaction was faster.', { cause: error })
  if (forgotten.includes(state))
    return new ForgottenStatement('The connection has other prepared statements than ours.', { cause: error })
  if (state.startsWith('23')) {
    const kind = state === '23505' ? 'unique' : state === '23503' ? 'reference' : 'other'
    return new ConstraintFault(kind, error)
  }
  const [code, message] = states[state] ??
    states[state.slice(0, 2)] ?? ['internal', 'The database refused a statement.']
  return new BhorError(code, message, { cause: error, facts: { sqlstate: state } })
}
