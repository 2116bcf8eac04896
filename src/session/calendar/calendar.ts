import {
  type CalendarChange,
  type CalendarDay,
  type CalendarList,
  type CalendarMove,
  type DayList,
  type MarketNow,
  type Segment,
  segments,
} from '../../contracts/calendar.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { stamped } from '../ground/records.ts'
import { type Principal, requireRight } from '../ground/rights.ts'
import { type Day, dayAfter, dayOf } from './day.ts'
import { coveredSegments, knownDays, missingLists, saidDays } from './known.ts'
import { istDate, marketAt } from './market.ts'
import { checkDate, checkSegments, spanOf, spansOf, type WrittenDay, type YearList } from './spans.ts'
import { dayView, marketView } from './view.ts'

/** Shares, futures and options keep the same holidays; MCX does not. */
const usualSegments: readonly Segment[] = ['equity', 'fno']
/** More than a year. */
const mostDays = 400
const daysAhead = 60
const saidByUser = 'the user'

/** The trading days, as bhor's own lists and the user say. */
export class Calendar {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** Every day of a span, segment by segment; 60 days from today when nothing is said. @throws BhorError `calendar_invalid` */
  async days(
    principal: Principal,
    wish: { readonly from?: string; readonly to?: string; readonly segment?: string },
  ): Promise<CalendarDay[]> {
    requireRight(principal, 'status', 'own')
    const from = wish.from === undefined ? this.#today() : checkDate('from', wish.from)
    const to = wish.to === undefined ? daysAfter(from, daysAhead) : checkDate('to', wish.to)
    if (wish.segment !== undefined) checkSegments('segment', [wish.segment])
    if (to < from || to >= daysAfter(from, mostDays))
      throw invalid(`A span is one to ${mostDays} days, from the earlier to the later`)
    const lists = await knownDays(this.#context)
    const asked = segments.filter((segment) => wish.segment === undefined || segment === wish.segment)
    const found: Day[] = []
    for (let date = from; date <= to; date = dayAfter(date))
      found.push(...asked.map((segment) => dayOf(lists, date, segment)))
    return found.map(dayView)
  }

  /** How every segment stands at this moment. */
  async now(principal: Principal): Promise<MarketNow[]> {
    requireRight(principal, 'status', 'own')
    const lists = await knownDays(this.#context)
    const instant = this.#context.clock.now()
    return segments.map((segment) => marketView(marketAt(lists, instant, segment)))
  }

  /**
   * Says of days what they are. `ordinary` takes a holiday or a special session away.
   *
   * @returns those days, as they are now
   * @throws BhorError `calendar_invalid`, also for two rows of one day
   */
  async change(principal: Principal, { days }: CalendarChange): Promise<CalendarDay[]> {
    requireRight(principal, 'admin', 'house')
    await this.#context.rateLimits.spend(principal, 'calendar')
    if (days.length === 0 || days.length > mostDays) throw invalid(`Give one to ${mostDays} days`)
    const lists = await knownDays(this.#context)
    const spans = days.flatMap(({ date, kind, segments: named, ...rest }, at) => {
      const row = `Row ${at + 1} (${printable(date, 20)})`
      checkDate(row, date)
      if (named) checkSegments(row, named)
      if (kind === 'ordinary') {
        if (rest.hours !== undefined) throw invalid(`${row} has hours and is an ordinary day`)
        return (named ?? segmentsWith(lists, date)).map((segment) =>
          spanOf(row, segment, date, undefined, saidByUser),
        )
      }
      // What the wire calls a time is looked at by the span.
      const day = { date, kind, ...rest } as WrittenDay
      return (named ?? usualSegments).map((segment) => spanOf(row, segment, date, day, saidByUser))
    })
    return this.#write(principal, { what: 'days' }, spans)
  }

  /** Takes the list of a year, in place of one that the user gave before. @throws BhorError `calendar_invalid` */
  async take(principal: Principal, list: CalendarList): Promise<CalendarDay[]> {
    requireRight(principal, 'admin', 'house')
    await this.#context.rateLimits.spend(principal, 'calendar')
    if (list.days.length > mostDays) throw invalid(`A list has at most ${mostDays} rows`)
    // Dates, times and hours are texts until they are looked at.
    return this.#write(principal, { what: 'list', year: list.year }, spansOf(list as YearList))
  }

  /**
   * Moves a holiday or a special session to another day, in every segment that has it when none is named.
   *
   * @throws BhorError `calendar_invalid`; `day_not_found` for an ordinary day, `already_exists` where the other day is none
   */
  async move(
    principal: Principal,
    from: string,
    { to, segments: named }: CalendarMove,
  ): Promise<CalendarDay[]> {
    requireRight(principal, 'admin', 'house')
    await this.#context.rateLimits.spend(principal, 'calendar')
    checkDate('The day', from)
    checkDate('The other day', to)
    if (named) checkSegments('The move', named)
    const lists = await knownDays(this.#context)
    const moved = (named ?? segments).flatMap((segment) => {
      const listed = dayOf(lists, from, segment).list?.days.find(({ date }) => date === from)
      return listed ? [{ segment, listed }] : []
    })
    if (moved.length === 0)
      throw new BhorError('day_not_found', `${from} is no holiday and has no special session.`)
    const taken = moved.find(({ segment }) => isListed(dayOf(lists, to, segment)))
    if (taken)
      throw new BhorError(
        'already_exists',
        `${to} is a holiday or special day of ${taken.segment} already.`,
        {
          hint: `Remove it first: bhor calendar remove ${to}.`,
        },
      )
    const spans = moved.flatMap(({ segment, listed }) => [
      spanOf('The day', segment, from, undefined, saidByUser),
      spanOf('The other day', segment, to, { ...listed, date: to }, saidByUser),
    ])
    return this.#write(principal, { what: 'move' }, spans)
  }

  /** Forgets what the user has said of a day or of a year. @throws BhorError `calendar_invalid`, `day_not_found` */
  async forget(principal: Principal, dayOrYear: string): Promise<void> {
    requireRight(principal, 'admin', 'house')
    await this.#context.rateLimits.spend(principal, 'calendar')
    const [firstDay, lastDay] = /^\d{4}$/.test(dayOrYear)
      ? [`${dayOrYear}-01-01`, `${dayOrYear}-12-31`]
      : [dayOrYear, dayOrYear]
    checkDate('The day', firstDay)
    const context = this.#context
    await change(context, async (c) => {
      const { records, damaged } = await c.reads.calendar.list()
      const said = [...records, ...damaged].map(({ id }) => id)
      const ids = segments
        .map((segment) => idOf({ segment, firstDay, lastDay }))
        .filter((id) => said.includes(id))
      if (ids.length === 0)
        throw new BhorError('day_not_found', `Nothing was said here of ${dayOrYear}.`, {
          hint: 'To change what the list that came with bhor says: bhor calendar add, move or remove.',
        })
      const detail = { what: 'forget', days: dayOrYear }
      const tx = c.tell({ actor: principal.actor, action: 'calendar.change', result: 'ok', detail })
      for (const id of ids) await tx.calendar.delete(id)
    })
  }

  /** What an operator should know of the lists: which are there, which are missing, which rows are damaged. */
  async state(principal: Principal) {
    requireRight(principal, 'admin', 'house')
    const { damaged } = await saidDays(this.#context)
    const lists = await knownDays(this.#context)
    const today = this.#today()
    const year = Number(today.slice(0, 4))
    return { year, covered: coveredSegments(lists, year), missing: missingLists(lists, today), damaged }
  }

  async #write(
    { actor }: Principal,
    what: Readonly<Record<string, string | number>>,
    spans: readonly DayList[],
  ): Promise<CalendarDay[]> {
    const context = this.#context
    const twice = spans.find((one, at) => spans.findIndex((other) => idOf(other) === idOf(one)) !== at)
    if (twice) throw invalid(`${twice.firstDay} has two rows for ${twice.segment}`)
    const createdAtMs = context.clock.nowMs()
    const dates = [
      ...new Set(spans.flatMap(({ firstDay, days }) => [firstDay, ...days.map(({ date }) => date)])),
    ]
    const detail = {
      ...what,
      segments: [...new Set(spans.map(({ segment }) => segment))].join(','),
      ...(what.year === undefined ? { days: dates.slice(0, 5).join(','), count: dates.length } : {}),
    }
    await change(context, async (c) => {
      const tx = c.tell({ actor, action: 'calendar.change', result: 'ok', detail })
      for (const span of spans)
        await tx.calendar.set(stamped(context.vault, 'calendar', { ...span, id: idOf(span), createdAtMs }))
    })
    const lists = await knownDays(context)
    return spans
      .flatMap(({ segment, firstDay, lastDay, days }) =>
        firstDay === lastDay
          ? [dayOf(lists, firstDay, segment)]
          : days.map(({ date }) => dayOf(lists, date, segment)),
      )
      .map(dayView)
  }

  #today(): string {
    return istDate(this.#context.clock.now())
  }
}

/** Those in which a day is something of its own. */
function segmentsWith(lists: readonly DayList[], date: string): readonly Segment[] {
  const found = segments.filter((segment) => isListed(dayOf(lists, date, segment)))
  return found.length > 0 ? found : usualSegments
}

function isListed({ kind }: Day): boolean {
  return kind === 'holiday' || kind === 'special'
}

function idOf({ segment, firstDay, lastDay }: Pick<DayList, 'segment' | 'firstDay' | 'lastDay'>): string {
  return firstDay === lastDay ? `${segment} ${firstDay}` : `${segment} ${firstDay} ${lastDay}`
}

function daysAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

function invalid(what: string): BhorError {
  return new BhorError('calendar_invalid', `${what}.`)
}
