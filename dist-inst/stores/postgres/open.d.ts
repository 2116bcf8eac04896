import type { Store } from '../../contracts/store.ts';
import type { Clock } from '../../core/clock.ts';
import { type Migration } from '../migrations.ts';
export interface PostgresOptions {
    readonly url: string;
    readonly clock: Clock;
    readonly poolSize?: number;
    /** Other than ours only in tests of the migrating itself. */
    readonly steps?: readonly Migration[];
}
/** Opens or makes the store in a Postgres database; see `openStore`. */
export declare function openPostgres({ url, clock, poolSize, steps }: PostgresOptions): Promise<Store>;
