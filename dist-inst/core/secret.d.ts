/** What `util.inspect` asks; by its public name, since loading `node:util` is a tenth of a `bhor token`. */
declare const inspecting: unique symbol;
/**
 * A value that never prints itself. Template strings, JSON, `util.inspect`, loggers and errors show
 * `[secret]`; only {@link Secret.reveal} gives the value, and a test lists every file that calls it.
 */
export declare class Secret {
    #private;
    constructor(value: string);
    /** The value itself. Call it as late as possible and keep the result in no variable that outlives the call. */
    reveal(): string;
    /** The number of characters, the one thing about a secret that may be said. */
    get length(): number;
    toString(): string;
    toJSON(): string;
    [Symbol.toPrimitive](): string;
    [inspecting](): string;
}
/** The values of all secrets that this process still remembers, for {@link redact}. */
export declare function rememberedSecrets(): Iterable<string>;
export {};
