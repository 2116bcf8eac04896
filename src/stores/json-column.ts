import { BhorError } from '../core/errors.ts'

/** Where a JSON column stands, for the message when it cannot be read. */
export interface JsonPlace {
  readonly table: string
  readonly row: string
}

/**
 * Reads a JSON column that this store wrote itself.
 *
 * @throws BhorError `store_damaged` naming table and row, never the text
 */
export function fromJson<T>(text: string, place: JsonPlace): T {
  try {
    return JSON.parse(text) as T
  } catch {
    throw new BhorError('store_damaged', `Store is damaged at table ${place.table}, row ${place.row}.`, {
      facts: { table: place.table, row: place.row },
    })
  }
}

export function toJsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

export function fromJsonOrNull<T>(text: string | null, place: JsonPlace): T | null {
  return text === null ? null : fromJson<T>(text, place)
}
