import { useSignal } from '@preact/signals'
import { toast } from '../../announce.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { words } from '../../words/settings.ts'
import { MoveDialog } from './move-dialog.tsx'
import { dayText, hoursText, segmentsText } from './segment-words.ts'
import type { SaidDay } from './weeks.ts'

const said = words.settings.calendar

/** A day of which somebody says something, and how that is taken back. */
export function SaidDayRow({
  day,
  onChange,
}: {
  readonly day: SaidDay
  readonly onChange: () => Promise<void>
}) {
  const isMoving = useSignal(false)
  const { isBusy, problem, run } = useAction()
  const { date, kind, note, saidBy, segments } = day
  const isListed = kind === 'holiday' || kind === 'special'
  const change = (act: () => Promise<unknown>, text: string) =>
    void run(async () => {
      await act()
      toast(text)
      await onChange()
    })
  const takeAway = () =>
    call('POST /v1/calendar', { body: { days: [{ date, kind: 'ordinary', segments: [...segments] }] } })
  const forget = () => call('DELETE /v1/calendar/{day}', { params: { day: date } })
  const what = [
    isListed ? said.kinds[kind] : said.ordinary,
    note,
    kind === 'special' ? hoursText(day) : '',
  ].filter((text) => text !== '')
  return (
    <li class="row" data-date={date} data-kind={kind}>
      <div class="row-main">
        <p class="row-name">{dayText(date)}</p>
        <p>{what.join(' · ')}</p>
        <p class="fine">
          {segmentsText(segments)}
          {isListed && ` · ${said.saidBy[saidBy ?? 'nobody']}`}
        </p>
        <ProblemNote problem={problem.value} />
      </div>
      <div class="actions">
        {isListed && (
          <>
            <Button
              look="quiet"
              label={`${said.move} ${dayText(date)}`}
              onPress={() => {
                isMoving.value = true
              }}
            >
              {said.move}
            </Button>
            <Button
              look="quiet"
              label={`${said.takeAway} ${dayText(date)}`}
              onPress={() => change(takeAway, said.takenAway(dayText(date)))}
              isBusy={isBusy.value}
            >
              {said.takeAway}
            </Button>
          </>
        )}
        {saidBy === 'user' && (
          <Button
            look="quiet"
            label={`${said.forget} ${dayText(date)}`}
            onPress={() => change(forget, said.forgotten(dayText(date)))}
            isBusy={isBusy.value}
          >
            {said.forget}
          </Button>
        )}
      </div>
      {isMoving.value && (
        <MoveDialog
          day={day}
          onClose={() => {
            isMoving.value = false
          }}
          onMoved={onChange}
        />
      )}
    </li>
  )
}
