/**
 * Takes everything secret out of a text: the value of every live {@link Secret}, and whatever stands
 * where credentials stand (query parameters, JSON fields, headers, client keys).
 */
export declare function redact(text: string): string;
/**
 * A foreign text (a broker's message, a pasted name) made safe to show: redacted, one line, printable,
 * at most `limit` characters.
 */
export declare function printable(text: string, limit?: number): string;
