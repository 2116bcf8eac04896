/** `90s`, `20m`, `1h` in milliseconds; undefined for anything else, also for a bare number. At most 24 hours. */
export declare function durationMs(text: string): number | undefined;
