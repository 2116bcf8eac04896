import { readFileSync, statSync } from 'node:fs'
import { parse, TomlDate, TomlError } from 'smol-toml'
import type { CalendarList } from '../contracts/calendar.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

const mostBytes = 256 * 1024

/**
 * The list of a year from a TOML file; what it says of days is checked by the desk.
 *
 * @throws BhorError `calendar_invalid`
 */
export function readCalendarFile(path: string): CalendarList {
  const { year, segments, source, days = [], ...unknown } = parsed(textOf(path))
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw invalid(`The key “${printable(name, 40)}” is not known`)
  if (typeof year !== 'number' || typeof source !== 'string' || !areTexts(segments) || !Array.isArray(days))
    throw invalid('The file does not say year, segments, source and [[days]]')
  // What each of them holds is looked at by the desk, as of every other list.
  return { year, segments, source, days: days as CalendarList['days'] } as CalendarList
}

function textOf(path: string): string {
  try {
    if (statSync(path).size > mostBytes) throw invalid('The file is larger than 256 KiB')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    if (cause instanceof BhorError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : (code ?? 'unknown')
    throw new BhorError('calendar_invalid', `The file cannot be read (${printable(why, 40)}).`, { cause })
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return withoutDates(parse(text)) as Record<string, unknown>
  } catch (error) {
    if (error instanceof BhorError) throw error
    const where = error instanceof TomlError ? ` (line ${error.line}, column ${error.column})` : ''
    throw invalid(`The file is not valid TOML${where}`)
  }
}

/** The parser makes 2 March of a 30 February that stands there without quotes. */
function withoutDates(value: unknown): unknown {
  if (value instanceof TomlDate)
    throw new BhorError('calendar_invalid', 'A date or a time stands in the file without quotes.', {
      hint: 'Write date = "2027-01-26", from = "09:15".',
    })
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) withoutDates(part)
  return value
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string')
}

function invalid(what: string): BhorError {
  return new BhorError('calendar_invalid', `${what}.`)
}
