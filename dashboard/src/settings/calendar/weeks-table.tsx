import type { DayKind } from '../../../../src/contracts/calendar.ts'
import { words } from '../../words/settings.ts'
import { dayText } from './segment-words.ts'
import type { GridDay } from './weeks.ts'

const said = words.settings.calendar

/** Beside the number, where a day is not what its weekday says; the words stand below and in each day's name. */
const marks: Readonly<Record<DayKind, string>> = {
  trading: '',
  weekend: '',
  holiday: '●',
  special: '◆',
  unconfirmed: '?',
}

/** Some weeks, a day each to press: what it is can be said there. */
export function WeeksTable({
  weeks,
  today,
  onPick,
}: {
  readonly weeks: readonly (readonly GridDay[])[]
  readonly today: string
  readonly onPick: (day: GridDay) => void
}) {
  const shown = new Set(weeks.flat().map(({ kind }) => kind))
  return (
    <>
      <table class="weeks">
        <caption class="section-title">{said.weeks}</caption>
        <thead>
          <tr>
            {said.weekdays.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]?.date}>
              {week.map((day) => (
                <td key={day.date}>
                  <button
                    type="button"
                    class="day"
                    data-date={day.date}
                    data-kind={day.kind}
                    data-past={day.date < today}
                    aria-current={day.date === today ? 'date' : undefined}
                    aria-label={said.sayOf(dayText(day.date), day.note || said.kinds[day.kind])}
                    title={day.note}
                    onClick={() => onPick(day)}
                  >
                    {Number(day.date.slice(8))}
                    <span class="day-mark">{marks[day.kind]}</span>
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="fine legend">
        {(['holiday', 'special', 'unconfirmed'] as const)
          .filter((kind) => shown.has(kind))
          .map((kind) => (
            <span key={kind} data-kind={kind}>
              <span class="day-mark">{marks[kind]}</span> {said.kinds[kind]}
            </span>
          ))}
      </p>
    </>
  )
}
