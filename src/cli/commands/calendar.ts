import { Command } from 'commander'
import {
  type CalendarDay,
  type SaidDay,
  type Segment,
  segments,
  type WrittenSession,
} from '../../contracts/calendar.ts'
import { BhorError } from '../../core/errors.ts'
import { readCalendarFile } from '../calendar-file.ts'
import { calendarRows, marketLine, unconfirmedText } from '../calendar-texts.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'

interface JsonOption {
  json?: boolean
}

export function calendarCommand(): Command {
  const calendar = new Command('calendar').description(
    'Trading days and hours, by segment: what bhor’s lists say, and what you say.',
  )
  const list = `the segments: ${segments.join(', ')}`

  calendar
    .command('list', { isDefault: true })
    .description('Holidays and special sessions, and how the market stands now.')
    .option('--from <day>', 'the first day; left out: today')
    .option('--to <day>', 'the last day; left out: a year after the first one')
    .option('--segment <segment>', 'only this one')
    .option('--json', 'every day, as JSON')
    .action(async (options: { from?: string; to?: string; segment?: string } & JsonOption) => {
      const { json, ...asked } = options
      await using desk = await openDesk()
      const now = await call(desk, 'GET /v1/calendar/now')
      const from = asked.from ?? now[0]!.day.date
      const days = await call(desk, 'GET /v1/calendar', { query: { to: yearAfter(from), ...asked, from } })
      if (json) return terminal.json(days)
      const rows = calendarRows(days)
      if (rows.length > 0)
        terminal.data(table([['DAY', 'SEGMENTS', 'WHAT', 'HOURS (IST)', 'SAID BY', 'NOTE'], ...rows]))
      else terminal.say('No holidays and no special sessions in these days.')
      for (const text of unconfirmedText(days)) terminal.say(text)
      for (const market of now)
        if (asked.segment === undefined || asked.segment === market.segment) terminal.say(marketLine(market))
    })

  calendar
    .command('add <day>')
    .description('Say that a day is a holiday or has a special session.')
    .option('--special', 'it is traded, also where its weekday is not')
    .option(
      '--hours <hours>',
      'of a special session: usual, unknown, 18:00-19:00, for MCX also morning or evening',
    )
    .option('--segments <list>', `${list}; left out: equity,fno`)
    .option('--note <text>', 'what it is, for people')
    .option('--json', 'print JSON')
    .action(
      async (
        date: string,
        options: { special?: boolean; hours?: string; segments?: string; note?: string } & JsonOption,
      ) => {
        const { special, hours, note } = options
        if (hours !== undefined && !special)
          throw new BhorError('usage', 'Only a special session has hours.', { hint: 'Add --special.' })
        const day: SaidDay = {
          date,
          kind: special ? 'special' : 'holiday',
          ...(special ? { hours: hoursOf(hours ?? 'unknown') } : {}),
          ...segmentsOf(options),
          ...(note === undefined ? {} : { note }),
        }
        await using desk = await openDesk()
        show(await call(desk, 'POST /v1/calendar', { body: { days: [day] } }), options)
      },
    )

  calendar
    .command('move <day> <other>')
    .description('Move a holiday or a special session to another day.')
    .option('--segments <list>', `${list}; left out: all that have it`)
    .option('--json', 'print JSON')
    .action(async (day: string, to: string, options: { segments?: string } & JsonOption) => {
      await using desk = await openDesk()
      const body = { to, ...segmentsOf(options) }
      show(await call(desk, 'POST /v1/calendar/{day}/move', { params: { day }, body }), options)
    })

  calendar
    .command('remove <day>')
    .description('Take a holiday or a special session away: the day is as its weekday.')
    .option('--segments <list>', `${list}; left out: all that have it`)
    .option('--json', 'print JSON')
    .action(async (date: string, options: { segments?: string } & JsonOption) => {
      await using desk = await openDesk()
      const body = { days: [{ date, kind: 'ordinary' as const, ...segmentsOf(options) }] }
      show(await call(desk, 'POST /v1/calendar', { body }), options)
    })

  calendar
    .command('forget <day>')
    .description('Forget what you said of a day, or of a year (2027): bhor’s own list counts again.')
    .option('--json', 'print JSON')
    .action(async (day: string, options: JsonOption) => {
      await using desk = await openDesk()
      await call(desk, 'DELETE /v1/calendar/{day}', { params: { day } })
      if (options.json) terminal.json({ day, forgotten: true })
      else terminal.say(`Forgotten: ${day}.`)
    })

  calendar
    .command('import <file>')
    .description('Give the list of a year, from a TOML file; docs/calendar.md shows one.')
    .option('--json', 'print JSON')
    .action(async (file: string, options: JsonOption) => {
      const body = readCalendarFile(file)
      await using desk = await openDesk()
      const days = await call(desk, 'POST /v1/calendar/lists', { body })
      if (options.json) return terminal.json(days)
      terminal.say(`The list of ${body.year} is taken for ${body.segments.join(', ')}.`)
    })
  return calendar
}

function show(days: readonly CalendarDay[], { json }: JsonOption): void {
  if (json) terminal.json(days)
  else for (const { date, segment, kind } of days) terminal.say(`${date} ${segment}: ${kind}`)
}

function segmentsOf({ segments: text }: { segments?: string }): { segments?: Segment[] } {
  // Which there are, the desk knows.
  return text === undefined ? {} : { segments: text.split(',').map((name) => name.trim()) as Segment[] }
}

/** `18:00-19:00`, also several with commas; any word goes on as it is. */
function hoursOf(text: string): string | WrittenSession[] {
  if (!/\d/.test(text)) return text
  return text.split(',').map((span) => {
    const [from = '', until = ''] = span.trim().split('-')
    return { from, until }
  })
}

function yearAfter(day: string): string {
  try {
    return Temporal.PlainDate.from(day).add({ days: 365 }).toString()
  } catch {
    // The desk says what is wrong with the first day.
    return day
  }
}
