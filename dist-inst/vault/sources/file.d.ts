import type { Random } from '../../core/random.ts';
import type { KeySource } from './key-source.ts';
/** A key in a file of its own, 0600 from its first moment: `BHOR_HOME/master.key` unless told otherwise. */
export declare function fileSource({ path, random }: {
    path: string;
    random: Random;
}): KeySource;
