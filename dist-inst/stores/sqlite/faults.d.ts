/** An error of `node:sqlite` in our words. SQLite's own texts name tables and columns, never values; they stay in `cause`. */
export declare function sqliteFault(error: unknown): unknown;
/** Runs one call to the database and tells its errors in our words. */
export declare function inOurWords<T>(call: () => T): T;
