import { linesWithoutControls } from './control-characters.ts'

/**
 * What a spreadsheet takes for a formula when a text begins so (OWASP, CSV injection), also behind blanks, which some of them
 * cut off, and in the wide letters of East Asia. A number may begin with a minus.
 */
const formula = /^(?:[\t\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/u
const number = /^-?\d+(?:\.\d+)?$/

/**
 * Rows as RFC 4180 has them, but with a plain line end and without control characters, so that they pass through a terminal.
 * null is an empty cell.
 */
export function csvOf(rows: Iterable<readonly (string | number | boolean | null)[]>): string {
  let text = ''
  for (const row of rows) text += `${row.map(cellOf).join(',')}\n`
  return text
}

function cellOf(value: string | number | boolean | null): string {
  const text = value === null ? '' : linesWithoutControls(String(value))
  const harmless = formula.test(text) && !number.test(text) ? `'${text}` : text
  // A semicolon or a tab separates cells where a spreadsheet was told so.
  return /[",;\t\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
