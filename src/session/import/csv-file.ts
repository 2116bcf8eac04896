import type { Broker } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { brokerNamed, callsKeyClientId } from './brokers.ts'
import {
  type Found,
  type FoundValue,
  fieldNamed,
  type ImportField,
  plainName,
  type ReadFile,
} from './found.ts'

/** One account a line; the first line names the columns. @throws BhorError `import_invalid` */
export function readCsv(path: string, text: string, brokers: readonly Broker[]): ReadFile {
  const [head = [], ...rows] = cells(text.replace(/^\ufeff/, ''))
  const names = head.map(plainName)
  if (!names.some((name) => fieldNamed(name, true) === 'apiKey' || fieldNamed(name, true) === 'accessToken'))
    throw new BhorError('import_invalid', 'This is no file that bhor can read accounts from.', {
      hint: 'docs/imports.md says which files it reads.',
    })
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined)
    throw new BhorError(
      'import_invalid',
      `The column ${printable(head[names.indexOf(twice)] ?? '')} is there twice.`,
    )
  const ignored = new Set<string>()
  const found = rows
    .filter((row) => row.some((cell) => cell !== ''))
    .map((row, at): Found => {
      if (row.length !== head.length)
        throw new BhorError(
          'import_invalid',
          `Line ${at + 2} has ${row.length} values, and there are ${head.length} columns.`,
        )
      const cell = (...wanted: readonly string[]) =>
        row[names.findIndex((name) => wanted.includes(name))] ?? ''
      const broker = cell('broker', 'type', 'provider')
      const isClientIdKey = broker !== '' && callsKeyClientId(brokerNamed(brokers, broker))
      const fields: Partial<Record<ImportField, FoundValue>> = {}
      for (const [column, value] of row.entries()) {
        const title = head[column] ?? ''
        const field = fieldNamed(title, isClientIdKey)
        if (field && value !== '') fields[field] = { value, from: title }
        else if (
          !field &&
          !['broker', 'type', 'provider', 'account', 'name', 'alias'].includes(names[column] ?? '')
        )
          ignored.add(title)
      }
      const name = cell('account', 'name', 'alias')
      return {
        source: `CSV, line ${at + 2}`,
        path,
        isWholeFile: false,
        ...(name === '' ? {} : { name }),
        ...(broker === '' ? {} : { broker }),
        fields,
        isAmbiguous: fields.apiSecret !== undefined && !names.includes('accesstoken'),
      }
    })
  return { found, ignored: [...ignored] }
}

/** RFC 4180, with commas, semicolons or tabs, whichever the first line has most of. */
function cells(text: string): string[][] {
  const [head = ''] = text.split(/\r?\n/, 1)
  const [separator = ','] = [',', ';', '\t'].sort((a, b) => head.split(b).length - head.split(a).length)
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    row.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    if (isQuoted && c === '"' && text[at + 1] === '"') cell += text[at++]
    else if (c === '"') isQuoted = !isQuoted
    else if (isQuoted) cell += c
    else if (c === separator) endCell()
    else if (c === '\n') endRow()
    else if (c !== '\r') cell += c
  }
  if (isQuoted)
    throw new BhorError('import_invalid', 'A quotation mark of the CSV is not closed.', {
      hint: 'Save it once more from your spreadsheet.',
    })
  endRow()
  return rows
}
