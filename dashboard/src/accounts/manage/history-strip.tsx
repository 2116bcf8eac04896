import { useSignal } from '@preact/signals'
import type { PastSession } from '../../../../src/contracts/activity.ts'
import type { AccountView } from '../../../../src/contracts/api.ts'
import { call } from '../../api.ts'
import { useLive } from '../../live/use-live.ts'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { now } from '../../time/clock.ts'
import { istClock, istDate, istDay, whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'
import { locale } from '../../words/words.ts'
import { endOf, type PastDay, type PastEnd, pastDays } from './history.ts'

const drawings: Record<PastEnd, string> = {
  live: 'M3.5 8.5l3 3 6-7',
  expired: 'M12.5 9.8A5 5 0 1 1 6.6 3.4a4 4 0 0 0 5.9 6.4z',
  replaced: 'M3 8h9M8.5 4.5L12 8l-3.5 3.5',
  revoked: 'M4 4l8 8M12 4l-8 8',
  logged_out: 'M4 8h8',
}
/** A day that ran to its hour is a good one, whatever came after it. */
const tones: Record<PastEnd, string> = {
  live: 'green',
  expired: 'green',
  replaced: 'green',
  revoked: 'red',
  logged_out: 'grey',
}
const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Kolkata', weekday: 'short' })
const dayOfMonth = new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Kolkata', day: 'numeric' })

/** The last 30 days: when the session of each day began, how it ended, who logged in. */
export function HistoryStrip({ account }: { readonly account: AccountView }) {
  const sessions = useSignal<readonly PastSession[] | null>(null)
  const chosen = useSignal<string | null>(null)
  const said = words.manage.history
  const problem = useLive(
    async () => {
      const params = { account: account.account }
      sessions.value = (await call('GET /v1/accounts/{account}/history', { params })).sessions
    },
    ({ event, data }) => event !== 'key.used' && 'account' in data && data.account === account.account,
    account.id,
  )
  const known = sessions.value
  // A step a day, not a second.
  const days = pastDays(known ?? [], now.value)
  const shown =
    days.find(({ date, end }) => date === chosen.value && end !== null) ??
    days.findLast(({ end }) => end !== null)
  const ends = [...new Set(days.flatMap(({ end }) => (end === null ? [] : [end])))]
  return (
    <Panel title={said.title}>
      <ProblemNote problem={problem.value} />
      <ol class="days" aria-label={said.days} aria-busy={known === null}>
        {days.map((day) => (
          <Day
            key={day.date}
            day={day}
            isShown={day === shown}
            onChoose={() => {
              chosen.value = day.date
            }}
          />
        ))}
      </ol>
      <p class="days-legend">
        {ends.map((end) => (
          <span key={end} data-tone={tones[end]}>
            <Mark end={end} />
            {said.ends[end]}
          </span>
        ))}
      </p>
      {known !== null && shown === undefined && <p class="fine">{said.nothing}</p>}
      {shown !== undefined && <DayDetails day={shown} />}
      {known !== null && known.length > 0 && <HistoryTable account={account.account} sessions={known} />}
    </Panel>
  )
}

interface DayProps {
  readonly day: PastDay
  readonly isShown: boolean
  readonly onChoose: () => void
}

function Day({ day, isShown, onChoose }: DayProps) {
  const { atMs, sessions, end } = day
  const said = words.manage.history
  const name = istDay(atMs, now.value)
  const face = (
    <>
      <span class="day-week">{weekday.format(atMs)}</span>
      <span class="day-number">{dayOfMonth.format(atMs)}</span>
    </>
  )
  if (end === null)
    return (
      <li class="day">
        <span aria-hidden="true">{face}</span>
        <span class="aside">{said.noSession(name)}</span>
      </li>
    )
  const began = sessions.map(({ startedAt }) => istClock(Date.parse(startedAt)))
  return (
    <li class="day" data-tone={tones[end]} data-end={end} data-date={day.date}>
      <button type="button" aria-pressed={isShown} onClick={onChoose}>
        {face}
        <span class="day-began">{began.at(-1)}</span>
        <Mark end={end} />
        <span class="aside">{said.day(name, began, said.ends[end])}</span>
      </button>
    </li>
  )
}

function Mark({ end }: { readonly end: PastEnd }) {
  return (
    <svg class="badge-shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d={drawings[end]} />
    </svg>
  )
}

/** What one day was like, session by session. */
function DayDetails({ day }: { readonly day: PastDay }) {
  const said = words.manage.history
  return (
    <div class="day-details" role="status">
      <p class="row-name">{istDay(day.atMs, now.value)}</p>
      {day.sessions.map((session) => (
        <p key={session.generation}>
          {spanText(session, now.value)}, {said.ends[endOf(session)]} · {whoText(session)}
        </p>
      ))}
    </div>
  )
}

function HistoryTable({
  account,
  sessions,
}: {
  readonly account: string
  readonly sessions: readonly PastSession[]
}) {
  const { table, caption, columns, ends } = words.manage.history
  const { ways } = words.manage.overview
  return (
    <details class="more">
      <summary>{table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, also by keyboard */}
      <section class="table-scroll" tabIndex={0} aria-label={table}>
        <table class="list-table">
          <caption>{caption(account)}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.began}</th>
              <th scope="col">{columns.ended}</th>
              <th scope="col">{columns.how}</th>
              <th scope="col">{columns.who}</th>
              <th scope="col">{columns.way}</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.generation}>
                <th scope="row">{whenText(session.startedAt, now.value)}</th>
                <td>{session.endedAt === null ? '–' : whenText(session.endedAt, now.value)}</td>
                <td>{ends[endOf(session)]}</td>
                <td>{userText(session)}</td>
                <td>{ways[session.startedBy]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

/** `08:41 – 06:00 tomorrow`; the day only where it is another one. */
function spanText({ startedAt, endedAt, expiresAt }: PastSession, nowMs: number): string {
  const said = words.manage.history
  const [fromMs, untilMs] = [Date.parse(startedAt), Date.parse(endedAt ?? expiresAt)]
  const isSameDay = istDate(fromMs) === istDate(untilMs)
  const until = `${istClock(untilMs)}${isSameDay ? '' : ` ${istDay(untilMs, nowMs)}`}`
  const from = istClock(fromMs)
  return endedAt === null ? `${from}, ${said.untilEnd(until)}` : said.span(from, until)
}

function whoText(session: PastSession): string {
  return words.manage.history.by(userText(session), words.manage.overview.ways[session.startedBy])
}

function userText({ userName, userId }: PastSession): string {
  return userName === '' ? userId : `${userName} (${userId})`
}
