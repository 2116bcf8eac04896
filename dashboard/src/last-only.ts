import type { Signal } from '@preact/signals'

/**
 * For reads that may overlap: only the one that began last puts what it has found, and says when it is over. What an
 * earlier one finds later is older.
 */
export function lastOnly<Found>(isReading: Signal<boolean>, put: (found: Found) => void) {
  let last = 0
  return async (read: () => Promise<Found>): Promise<void> => {
    const own = ++last
    isReading.value = true
    try {
      const found = await read()
      if (own === last) put(found)
    } finally {
      if (own === last) isReading.value = false
    }
  }
}
