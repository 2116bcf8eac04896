import { signal } from '@preact/signals'
import type { MarketNow } from '../../../src/contracts/calendar.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'
import { istClock, istDay, leftText, nextMidnightMs } from '../time/ist.ts'
import { words } from '../words/words.ts'

/** How the market stands; null until the first answer. */
export const market = signal<readonly MarketNow[] | null>(null)
onLeaving(() => {
  market.value = null
})

export async function loadMarket(): Promise<void> {
  market.value = await call('GET /v1/calendar/now')
}

export function isAboutMarket({ event, data }: FeedEvent): boolean {
  return event === 'house.changed' && data.change === 'calendar'
}

/** When another answer is due: with the next phase, and with the next day. */
export function marketOverMs(at: readonly MarketNow[], nowMs: number): number {
  return Math.min(nextMidnightMs(nowMs), ...at.map(({ until }) => Date.parse(until)))
}

const { phases, follows, runs, shares, weekend, unconfirmed } = words.today.market

/** The phase, and where several run at once each of them. */
function phaseWords({ phase, running }: MarketNow): string {
  if (running.every((each) => each.phase === phase)) return phases[phase]
  return running.map((each) => runs[each.phase](shares[each.only ?? 'all'])).join(', ')
}

/** `Market open · closes 15:30 IST · 2 h 4 min left`, by the shares of NSE and BSE. */
export function marketWords(now: MarketNow, nowMs: number): readonly string[] {
  const untilMs = Date.parse(now.until)
  const day = istDay(untilMs, nowMs)
  const clock = istClock(untilMs)
  const moment = words.time.inIndia(day === words.time.today ? clock : `${day} ${clock}`)
  const isWeekend = now.phase === 'holiday' && now.day.kind === 'weekend'
  const note = now.phase === 'holiday' && now.day.note !== '' ? `: ${now.day.note}` : ''
  const doubt = now.day.kind === 'unconfirmed' ? [unconfirmed] : []
  return [
    isWeekend ? weekend : `${phaseWords(now)}${note}`,
    `${follows[now.next]} ${moment}`,
    ...(untilMs > nowMs && untilMs - nowMs < 24 * 3_600_000 ? [leftText(untilMs - nowMs)] : []),
    ...doubt,
  ]
}
