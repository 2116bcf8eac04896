import type { CalendarDay, MarketNow, MarketSession, SessionHours } from '../../contracts/calendar.ts'
import type { Day } from './day.ts'
import { istInstant } from './hours.ts'
import { shippedLists } from './known.ts'
import type { Market } from './market.ts'

/** A day as programs and people are told of it: hours as instants. */
export function dayView({ date, segment, kind, sessions, note, list }: Day): CalendarDay {
  return {
    date,
    segment,
    kind,
    sessions: sessions === null ? null : sessions.map((session) => sessionView(date, session)),
    note,
    source: list?.source ?? null,
    saidBy: list ? (shippedLists.includes(list) ? 'bhor' : 'user') : null,
  }
}

export function marketView({ day, phase, until, next, running }: Market): MarketNow {
  return {
    segment: day.segment,
    phase,
    until: until.toString(),
    next,
    running: running.map((session) => sessionView(day.date, session)),
    day: dayView(day),
  }
}

function sessionView(date: string, { phase, from, until, only }: MarketSession): SessionHours {
  return {
    phase,
    from: istInstant(date, from).toString(),
    until: istInstant(date, until).toString(),
    only: only ?? null,
  }
}
