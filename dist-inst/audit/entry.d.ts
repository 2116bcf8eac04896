import { type AuditEntry, type AuditRecord } from '../contracts/audit.ts';
/**
 * The entry as it will be read again: only its known fields, in one order, with storable texts. What a caller
 * changes later in its own object no longer matters.
 */
export declare function settled(entry: AuditEntry): AuditEntry;
/** Everything about an entry but its time, as it is linked and as it is stored. */
export interface PreparedEntry {
    readonly accountId: string | null;
    /** See `untimedText`. */
    readonly text: string;
    /** See `auditFields`. */
    readonly fields: string;
}
/** What is recorded again and again is prepared once. */
export declare function prepared(entry: Omit<AuditEntry, 'atMs'>): PreparedEntry;
/**
 * The part of a record's canonical text that does not depend on its place in the chain: a JSON array of its
 * fields in a fixed order, null for what is absent.
 */
export declare function entryText(entry: AuditEntry): string;
export declare function timedText(atMs: number, untimed: string): string;
/** One record as one line of JSON, whatever its fields hold: nothing in it ends a line for any reader. */
export declare function recordLine(record: AuditRecord): string;
