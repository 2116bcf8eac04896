/**
 * A transaction of its own that is durable when it has been answered, and so is everything that was committed before it,
 * also where that did not wait for the disk: the log of the database is written in one order. It must write something:
 * a transaction that has only a number is not waited for. The message is for nobody; without logical decoding nobody
 * sees it.
 */
export const flush = `select set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'bhor', '')`
