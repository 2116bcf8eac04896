import { type ListedDay, namedHours, segments, sessionPhases, sharesWith } from '../../contracts/calendar.ts'
import type { CalendarRecord, CalendarWrites } from '../../contracts/store.ts'
import { instant, json, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isText, listOf, maybe, oneOf, type Shape } from '../shapes.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

const isSession = fieldsOf({
  phase: oneOf(sessionPhases),
  from: isText,
  until: isText,
  only: maybe(oneOf(sharesWith)),
})
const isNamed = oneOf(namedHours)
const areSessions = listOf(isSession)
const isListedDay = fieldsOf({
  date: isText,
  kind: oneOf(['holiday', 'special']),
  hours: (hours: unknown): hours is ListedDay['hours'] =>
    hours === undefined || isNamed(hours) || areSessions(hours),
  note: maybe(isText),
}) as Shape<ListedDay>

export const calendar = table<CalendarRecord>()(
  'calendar',
  {
    id: text('id'),
    segment: word('segment', segments),
    firstDay: text('first_day'),
    lastDay: text('last_day'),
    source: text('source'),
    days: json('days_json', listOf(isListedDay)),
    createdAtMs: instant('created_at_ms'),
    mac: text('mac'),
  },
  { key: 'id', called: 'id', live: {} },
)

export function calendarQueries(db: Db, witness: Witness): CalendarWrites {
  const rows = rowsOf(db, calendar, witness)
  return {
    list: () => rows.list({}, ['firstDay', 'id']),
    async set(record) {
      await rows.delete({ id: record.id })
      await rows.insert(record)
    },
    delete: (id) => rows.delete({ id }),
  }
}
