import type { FaultKind } from './faults.ts';
/** One call that a simulated broker got, in full: every credential in it is fake. */
export interface RecordedCall {
    readonly number: number;
    /** By the brokers' clock. */
    readonly at: Temporal.Instant;
    readonly broker: string;
    readonly method: string;
    /** Below the broker's prefix. */
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** Of a form or a JSON object. */
    readonly fields: Readonly<Record<string, unknown>>;
    readonly body: string;
    /** What was answered; missing while it is underway and when nothing was. */
    status?: number;
    fault?: FaultKind;
    faultId?: string;
}
export interface CallFilter {
    readonly broker?: string | undefined;
    readonly method?: string | undefined;
    /** `*` stands for any characters. */
    readonly path?: string | undefined;
}
/** The last 10,000 calls, oldest first. */
export declare class History {
    #private;
    record(call: Omit<RecordedCall, 'number'>): RecordedCall;
    calls(filter?: CallFilter): RecordedCall[];
    clear(): void;
}
