import { BhorError } from '../core/errors.js';
/**
 * Reads a JSON column that this store wrote itself.
 *
 * @throws BhorError `store_damaged` naming table and row, never the text
 */
export function fromJson(text, place) {
    try {
        return JSON.parse(text);
    }
    catch {
        throw new BhorError('store_damaged', `Store is damaged at table ${place.table}, row ${place.row}.`, {
            facts: { table: place.table, row: place.row },
        });
    }
}
export function toJsonOrNull(value) {
    return value === null ? null : JSON.stringify(value);
}
export function fromJsonOrNull(text, place) {
    return text === null ? null : fromJson(text, place);
}
