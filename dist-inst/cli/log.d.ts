import type { AppOptions } from '../app/open.ts';
type Log = NonNullable<AppOptions['log']>;
/**
 * The server's log: plain lines for a person at a terminal, JSON lines for anything else. Either way the finished
 * line is scrubbed by value, which catches what redaction by field name would miss.
 */
export declare function buildLog(level: string): Promise<Log>;
export {};
