import type { Clock } from '../../core/clock.ts';
/**
 * One server per data folder, for as long as the result is not disposed. The lock is the operating system's (an
 * exclusive transaction on `bhor.lock`), so that it ends with the process, however that ends; `bhor.lock.owner`
 * beside it only says who to ask. Nothing may ever open `bhor.lock` but SQLite: closing any other handle of the
 * same process would drop the lock.
 *
 * @throws BhorError `store_locked` with pid, host and since-when
 */
export declare function lockFolder(folder: string, clock: Clock): Disposable;
