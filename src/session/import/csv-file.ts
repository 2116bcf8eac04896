import type { Broker } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { brokerMeant, callsKeyClientId } from './brokers.ts'
import {
  type Found,
  type FoundValue,
  fieldNamed,
  type ImportField,
  plainName,
  type ReadFile,
  take,
} from './found.ts'

const ofBroker = ['broker', 'type', 'provider']
const ofName = ['account', 'name', 'alias']

/** A line with its number, from 1. */
interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * One account a line; the first line names the columns.
 *
 * @param given the broker that a person names, for lines that name none
 * @throws BhorError `import_invalid`
 */
export function readCsv(
  path: string,
  text: string,
  brokers: readonly Broker[],
  given: string | undefined,
): ReadFile {
  const [first, ...rows] = rowsOf(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'))
  const head = withoutEmptyEnd(first?.cells ?? [], 0)
  const names = head.map(plainName)
  if (!names.some((name) => fieldNamed(name, true) === 'apiKey' || fieldNamed(name, true) === 'accessToken'))
    throw new BhorError('import_invalid', 'This is no file that bhor can read accounts from.', {
      hint: 'docs/imports.md says which files it reads.',
    })
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at)
  if (twice !== undefined)
    throw new BhorError(
      'import_invalid',
      `The column ${printable(head[names.indexOf(twice)] ?? '')} is there twice.`,
    )
  const hasTokens = names.some((name) => fieldNamed(name, false) === 'accessToken')
  const ignored = new Set<string>()
  const found = rows
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map(({ line, cells }): Found => {
      const row = withoutEmptyEnd(cells, head.length)
      if (row.length !== head.length)
        throw new BhorError(
          'import_invalid',
          `Line ${line} has ${row.length} values, and there are ${head.length} columns.`,
        )
      const cell = (wanted: readonly string[]) => row[names.findIndex((name) => wanted.includes(name))] ?? ''
      const broker = cell(ofBroker)
      const meant = brokerMeant(brokers, broker, given)
      const isClientIdKey = meant !== undefined && callsKeyClientId(meant)
      const fields: Partial<Record<ImportField, FoundValue>> = {}
      for (const [column, value] of row.entries()) {
        const title = head[column] || `column ${column + 1}`
        const field = fieldNamed(head[column] ?? '', isClientIdKey)
        if (value === '' || [...ofBroker, ...ofName].includes(names[column] ?? '')) continue
        if (field) take(fields, field, { value, from: title })
        else ignored.add(title)
      }
      const name = cell(ofName)
      return {
        source: `CSV, line ${line}`,
        path,
        isWholeFile: false,
        ...(name === '' ? {} : { name }),
        ...(broker === '' ? {} : { broker }),
        fields,
        isAmbiguous: fields.apiSecret !== undefined && !hasTokens,
      }
    })
  return { found, ignored: [...ignored] }
}

/** Spreadsheets write columns that nobody has filled. */
function withoutEmptyEnd(cells: readonly string[], least: number): readonly string[] {
  return cells.slice(0, Math.max(least, cells.findLastIndex((cell) => cell !== '') + 1))
}

/** RFC 4180, with what the first line says (`sep=;`), else with commas, semicolons or tabs, whichever it has most of. */
function rowsOf(text: string): Row[] {
  const [head = ''] = text.split('\n', 1)
  const said = /^sep=(.)$/.exec(head)?.[1]
  const [most = ','] = [',', ';', '\t'].sort((a, b) => head.split(b).length - head.split(a).length)
  const separator = said ?? most
  const rows: Row[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = 1
  let begunAt = 1
  const endCell = () => {
    cells.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: begunAt, cells })
    cells = []
  }
  for (let at = said === undefined ? 0 : head.length; at < text.length; at++) {
    const c = text[at]
    if (c === '\n') line++
    if (isQuoted && c === '"' && text[at + 1] === '"') cell += text[at++]
    else if (c === '"') isQuoted = !isQuoted
    else if (isQuoted) cell += c
    else if (c === separator) endCell()
    else if (c === '\n') {
      endRow()
      begunAt = line
    } else cell += c
  }
  if (isQuoted)
    throw new BhorError('import_invalid', 'A quotation mark of the CSV is not closed.', {
      hint: 'Save it once more from your spreadsheet.',
    })
  endRow()
  return rows
}
