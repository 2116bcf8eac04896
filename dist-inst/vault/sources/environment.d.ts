import type { KeySource } from './key-source.ts';
/**
 * A key in an environment variable: child processes and `/proc` see it, so only where the operator said so.
 *
 * @param value the variable's value
 * @param allowed whether the operator allowed it
 */
export declare function environmentSource({ value, allowed }: {
    value: string;
    allowed: boolean;
}): KeySource;
