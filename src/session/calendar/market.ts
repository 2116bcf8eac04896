import type { DayList, MarketPhase, MarketSession, Segment, SessionPhase } from '../../contracts/calendar.ts'
import { segments } from '../../contracts/calendar.ts'
import { istTimeText, istZone } from '../../core/ist.ts'
import { type Day, dayAfter, dayOf, isTraded } from './day.ts'
import { istInstant } from './hours.ts'

/** How a segment stands at one moment. */
export interface Market {
  readonly day: Day
  /** `open` for as long as anything is traded continuously; see `running` for what. */
  readonly phase: MarketPhase
  /** When it is another phase. */
  readonly until: Temporal.Instant
  /** The phase that comes then. */
  readonly next: MarketPhase
  /** The sessions of this moment. */
  readonly running: readonly MarketSession[]
}

/** How a segment stands at `instant`, and until when. */
export function marketAt(lists: readonly DayList[], instant: Temporal.Instant, segment: Segment): Market {
  const day = dayOf(lists, istDate(instant), segment)
  const running = runningAt(day, instant)
  const phase = phaseAt(day, instant)
  for (const changes = changesAfter(lists, day, instant); ; ) {
    const { value: change } = changes.next()
    const next = phaseAt(change.day, change.at)
    if (next !== phase && !isStill(phase, next)) return { day, phase, until: change.at, next, running }
  }
}

/** In whose hours most accounts trade. */
const shares: readonly Segment[] = ['equity', 'fno']

/** As {@link isAnyTraded}, of shares and what is derived from them. */
export function areSharesTraded(lists: readonly DayList[], instant: Temporal.Instant): boolean {
  return isAnyTraded(lists, instant, shares)
}

/** Whether anything is traded at `instant` in one of the segments, in an auction too; all day where a list names a session and not its hours. */
export function isAnyTraded(
  lists: readonly DayList[],
  instant: Temporal.Instant,
  of: readonly Segment[] = segments,
): boolean {
  return of.some((segment) => {
    const day = dayOf(lists, istDate(instant), segment)
    const phase = phaseAt(day, instant)
    return phase === 'open' || phase === 'closing_auction' || (phase === 'unknown' && day.kind === 'special')
  })
}

/** A market that is closed does not become another one at midnight. */
function isStill(phase: MarketPhase, next: MarketPhase): boolean {
  return [phase, next].every((each) => each === 'closed' || each === 'holiday')
}

/**
 * The first moment strictly after `instant` at which continuous trading begins. Days of unknown hours are left out;
 * undefined where a year has no other ones.
 */
export function nextOpening(
  lists: readonly DayList[],
  instant: Temporal.Instant,
  segment: Segment,
): Temporal.Instant | undefined {
  let date = istDate(instant)
  for (let looked = 0; looked <= 366; looked++, date = dayAfter(date)) {
    const { sessions } = dayOf(lists, date, segment)
    const opens = (sessions ?? []).flatMap(({ phase, from }) => (phase === 'open' ? [from] : []))
    for (const from of opens.sort()) {
      const opening = istInstant(date, from)
      if (Temporal.Instant.compare(opening, instant) > 0) return opening
    }
  }
  return undefined
}

/** The day in India. */
export function istDate(instant: Temporal.Instant): string {
  return instant.toZonedDateTimeISO(istZone).toPlainDate().toString()
}

function phaseAt(day: Day, instant: Temporal.Instant): MarketPhase {
  if (!isTraded(day)) return 'holiday'
  if (day.sessions === null) return 'unknown'
  const phases = runningAt(day, instant).map(({ phase }) => phase)
  return precedence.find((phase) => phases.includes(phase)) ?? 'closed'
}

const precedence: readonly SessionPhase[] = ['open', 'closing_auction', 'pre_open']

function runningAt(day: Day, instant: Temporal.Instant): readonly MarketSession[] {
  const clock = istTimeText(instant)
  return (day.sessions ?? []).filter(({ from, until }) => from <= clock && clock < until)
}

/** Every moment after `instant` at which the phase can change, in order, without end. */
function* changesAfter(
  lists: readonly DayList[],
  today: Day,
  instant: Temporal.Instant,
): Generator<{ readonly day: Day; readonly at: Temporal.Instant }, never> {
  for (let day = today; ; day = dayOf(lists, dayAfter(day.date), day.segment)) {
    const times = ['00:00', ...(day.sessions ?? []).flatMap(({ from, until }) => [from, until])]
    for (const time of [...new Set(times)].sort()) {
      const at = istInstant(day.date, time)
      if (Temporal.Instant.compare(at, instant) > 0) yield { day, at }
    }
  }
}
