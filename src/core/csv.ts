/** What a spreadsheet takes for a formula when a text begins so (OWASP, CSV injection). A number may begin with a minus. */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const number = /^-?\d+(?:\.\d+)?$/

/** Rows as RFC 4180 has them, but with a plain line end, so that they pass through a terminal. null is an empty cell. */
export function csvOf(rows: Iterable<readonly (string | number | boolean | null)[]>): string {
  let text = ''
  for (const row of rows) text += `${row.map(cellOf).join(',')}\n`
  return text
}

function cellOf(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value)
  const harmless = formula.test(text) && !number.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
