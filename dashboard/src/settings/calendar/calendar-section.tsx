import { useComputed, useSignal } from '@preact/signals'
import { segments } from '../../../../src/contracts/calendar.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Facts } from '../../parts/facts.tsx'
import { now } from '../../time/clock.ts'
import { istDate, whenText } from '../../time/ist.ts'
import { words } from '../../words/settings.ts'
import { tellsOf } from '../house-change.ts'
import { Part, Section } from '../section.tsx'
import { useReading } from '../use-reading.ts'
import { DayDialog } from './day-dialog.tsx'
import { ListDialog } from './list-dialog.tsx'
import { SaidDayRow } from './said-day-row.tsx'
import { dayText, segmentsText } from './segment-words.ts'
import { daysAfter, mondayOf, saidDays, unconfirmedFrom, weeksOf } from './weeks.ts'
import { WeeksTable } from './weeks-table.tsx'

const said = words.settings.calendar
const weeksShown = 5
const soonDays = 90
const yearDays = 390

/** Trading days: how the market stands, these weeks, and what somebody says of days to come. */
export function CalendarSection() {
  const isWholeYear = useSignal(false)
  const dialog = useSignal<
    { readonly kind: 'day'; readonly date: string } | { readonly kind: 'list' } | null
  >(null)
  const today = useComputed(() => istDate(now.value)).value
  const monday = mondayOf(now.peek())
  const { value, problem, again } = useReading(
    async () => ({
      now: await call('GET /v1/calendar/now'),
      days: await call('GET /v1/calendar', {
        query: { from: monday, to: daysAfter(monday, isWholeYear.peek() ? yearDays : soonDays) },
      }),
    }),
    tellsOf('calendar'),
  )
  const close = () => {
    dialog.value = null
  }
  const days = value.value?.days ?? []
  const coming = saidDays(days).filter(({ date }) => date >= today)
  return (
    <Section
      name="calendar"
      problem={problem.value}
      isRead={value.value !== null}
      action={
        <Button
          look="primary"
          onPress={() => {
            dialog.value = { kind: 'day', date: '' }
          }}
        >
          {said.add}
        </Button>
      }
    >
      <Facts
        rows={segments.map((segment) => {
          const market = value.value?.now.find((each) => each.segment === segment)
          return [
            said.segments[segment],
            market && said.until(said.phases[market.phase], whenText(market.until, now.peek())),
          ]
        })}
      />
      <WeeksTable
        weeks={weeksOf(days, monday, weeksShown)}
        today={today}
        onPick={({ date }) => {
          dialog.value = { kind: 'day', date }
        }}
      />
      {unconfirmedFrom(days).map(({ from, segments: of }) => (
        <p key={from} class="note" data-tone={of.includes('equity') ? 'amber' : 'grey'}>
          {said.unconfirmed(segmentsText(of), dayText(from))}
        </p>
      ))}
      <div class="actions">
        <Button
          onPress={() => {
            dialog.value = { kind: 'list' }
          }}
        >
          {said.load}
        </Button>
      </div>
      <Part title={said.coming}>
        {coming.length === 0 && <p class="blank">{said.noneComing}</p>}
        <ul class="rows">
          {coming.map((day) => (
            <SaidDayRow key={`${day.date} ${day.kind} ${day.segments.join()}`} day={day} onChange={again} />
          ))}
        </ul>
        {!isWholeYear.value && (
          <div class="actions">
            <Button
              look="quiet"
              onPress={() => {
                isWholeYear.value = true
                void again()
              }}
            >
              {said.year}
            </Button>
          </div>
        )}
      </Part>
      {dialog.value?.kind === 'day' && <DayDialog date={dialog.value.date} onClose={close} onSaved={again} />}
      {dialog.value?.kind === 'list' && <ListDialog onClose={close} onSaved={again} />}
    </Section>
  )
}
