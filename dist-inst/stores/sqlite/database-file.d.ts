/** `bhor` in ASCII: marks a database as ours (https://www.sqlite.org/fileformat.html, offset 68). */
export declare const applicationId = 1651011442;
/**
 * Makes sure that `path` is a database of ours, and makes one when nothing is there. The new file gets its
 * name only when it is a valid database, so that an empty file is never mistaken for one that was just begun.
 * Call it while holding the folder's lock.
 *
 * @throws BhorError `store_foreign`, `permissions_too_wide`
 */
export declare function prepareDatabaseFile(path: string): void;
