/** Where a JSON column stands, for the message when it cannot be read. */
export interface JsonPlace {
    readonly table: string;
    readonly row: string;
}
/**
 * Reads a JSON column that this store wrote itself.
 *
 * @throws BhorError `store_damaged` naming table and row, never the text
 */
export declare function fromJson<T>(text: string, place: JsonPlace): T;
export declare function toJsonOrNull(value: unknown): string | null;
export declare function fromJsonOrNull<T>(text: string | null, place: JsonPlace): T | null;
