import type { WrittenDay } from '../../../../src/contracts/calendar.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

interface ListRead {
  readonly days: readonly WrittenDay[]
  /** The first line that is no day, or one of another year. */
  readonly fault: { readonly line: number; readonly text: string; readonly isOtherYear: boolean } | null
}

/**
 * The days of a list as people paste it, one a line: `2027-01-26 Republic Day`, also `26-Jan-2027`, `26 January 2027`
 * and with the weekday behind the date; `special 18:00-19:00` before the note makes it a special session.
 */
export function readList(text: string, year: number): ListRead {
  const days: WrittenDay[] = []
  for (const [at, line] of text.split('\n').entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const day = dayIn(trimmed)
    const isOtherYear = day !== undefined && day.date.slice(0, 4) !== String(year)
    if (!day || isOtherYear) return { days, fault: { line: at + 1, text: trimmed.slice(0, 60), isOtherYear } }
    days.push(day)
  }
  return { days, fault: null }
}

function dayIn(line: string): WrittenDay | undefined {
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?=\W|$)/.exec(line)
  const named = /^(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{4})(?=\W|$)/.exec(line)
  const [whole = '', date] = iso
    ? [iso[0], `${iso[1]}-${iso[2]}-${iso[3]}`]
    : named
      ? [named[0], dateOf(named)]
      : []
  if (date === undefined) return undefined
  const rest = line
    .slice(whole.length)
    .replace(
      /^[\s,;|]*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?)?[\s,;|:]*/i,
      '',
    )
  const special =
    /^special\b[\s,;|]*((?:\d\d:\d\d-\d\d:\d\d|usual|unknown|morning|evening)\b)?[\s,;|]*/i.exec(rest)
  const note = rest.slice(special?.[0].length ?? 0).trim()
  return {
    date,
    kind: special ? 'special' : 'holiday',
    ...(special ? { hours: hoursOf(special[1] ?? 'unknown') } : {}),
    ...(note === '' ? {} : { note }),
  }
}

function dateOf([, day = '', name = '', year]: RegExpExecArray): string | undefined {
  const month = months.indexOf(name.toLowerCase()) + 1
  return month === 0 ? undefined : `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** `18:00-19:00`, also several with commas, or a word. */
export function hoursOf(text: string): NonNullable<WrittenDay['hours']> {
  if (!/\d/.test(text)) return text.toLowerCase()
  return text.split(',').map((span) => {
    const [from = '', until = ''] = span.trim().split(/\s*[-–]\s*/)
    return { from, until }
  })
}
