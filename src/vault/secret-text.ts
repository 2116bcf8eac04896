import { BhorError, type ErrorCode } from '../core/errors.ts'

/**
 * The text of a secret that came as bytes. A byte-order mark in front and one line end behind are what editors and
 * shells put there, and are taken off; nothing else is. What is not UTF-8 is refused: read with replacement
 * characters, two different secrets would be the same.
 *
 * @throws BhorError `bad_secret` unless another code is named
 */
export function secretText(
  bytes: Uint8Array,
  what: string,
  code: ErrorCode = 'bad_secret',
): { readonly text: string; readonly wasTrimmed: boolean } {
  let whole: string
  try {
    whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new BhorError(code, `The ${what} is not UTF-8.`, { hint: 'Save it as UTF-8 text.' })
  }
  const text = whole.replace(/^\ufeff/, '').replace(/\r?\n$/, '')
  if (text === '')
    throw new BhorError(code, `The ${what} is empty.`, { hint: 'Write it as one line of text.' })
  return { text, wasTrimmed: text !== whole }
}
