import type { CallbackInput } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'

const longestParam = 512

/** What came to a callback address, or was pasted. Several values under one name are kept apart. */
export interface Callback {
  readonly params: ReadonlyMap<string, readonly string[]>
  readonly rawQuery: string
}

/** Splits a query without losing that a name came twice. */
export function callbackOf(rawQuery: string): Callback {
  const params = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(rawQuery))
    params.set(name, [...(params.get(name) ?? []), value])
  return { params, rawQuery }
}

/** As an adapter reads it. @throws BhorError `callback_incomplete` for a value twice, too long or not text */
export function callbackInput(callback: Callback): CallbackInput {
  const params: Record<string, string> = {}
  for (const [name, values] of callback.params) {
    const value = values[0] ?? ''
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    if (values.length > 1 || value.length > longestParam || /[\u0000-\u001f\u007f\ufffd]/.test(value)) {
      throw new BhorError(
        'callback_incomplete',
        'The broker’s answer is malformed: a value is given twice, too long or not text.',
      )
    }
    params[name] = value
  }
  return { params, rawQuery: callback.rawQuery }
}
