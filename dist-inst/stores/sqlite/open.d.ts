import type { Store } from '../../contracts/store.ts';
import type { Clock } from '../../core/clock.ts';
import { type Migration } from '../migrations.ts';
export interface SqliteOptions {
    readonly path: string;
    readonly clock: Clock;
    /** Other than ours only in tests of the migrating itself. */
    readonly steps?: readonly Migration[];
}
/** Opens or makes the store in one file; see `openStore`. */
export declare function openSqlite({ path, clock, steps }: SqliteOptions): Promise<Store>;
