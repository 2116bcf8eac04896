/** One request as a simulated broker sees it. */
export interface Call {
    readonly method: string;
    /** Below the broker's prefix, e.g. `/session/token`. Still percent-encoded. */
    readonly path: string;
    readonly query: URLSearchParams;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** The fields of a form or of a JSON object; empty for any other body. */
    readonly fields: Readonly<Record<string, unknown>>;
    /** The fault `wrong_user` struck: an exchange grants the session of another person. */
    readonly grantsWrongUser: boolean;
}
/** A field or parameter as text, `''` when it is missing or has no plain value. */
export declare function textOf(from: URLSearchParams | Readonly<Record<string, unknown>>, name: string): string;
/** Reads a body by its content type: forms and JSON objects have fields, everything else has none. */
export declare function readFields(contentType: string, body: string): Record<string, unknown>;
