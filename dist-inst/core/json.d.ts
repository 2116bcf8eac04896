export type Json = null | boolean | number | string | Json[] | {
    [name: string]: Json;
};
export interface JsonLimits {
    /** Deepest nesting of arrays and objects. */
    maxDepth?: number;
    /** Refuse an object that names a field twice, and `__proto__`. */
    strictFields?: boolean;
}
/**
 * Parses JSON from outside. Unlike `JSON.parse`, its errors never quote the text, which may hold a secret
 * (Node's do), and it can refuse duplicate fields and deep nesting.
 *
 * @throws BhorError `bad_json` with line and column, `too_deep`, `duplicate_field`
 */
export declare function parseJson(text: string, limits?: JsonLimits): Json;
/** Parses JSON where a fault is an ordinary answer: `undefined` instead of an error. */
export declare function tryParseJson(text: string): Json | undefined;
