import { computed, signal } from '@preact/signals'
import type { MarketNow } from '../../../src/contracts/calendar.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'
import { now } from '../time/clock.ts'
import { istClock, istDay, leftText } from '../time/ist.ts'
import { words } from '../words/words.ts'

/** How the market stands; null until the first answer. */
export const market = signal<readonly MarketNow[] | null>(null)
onLeaving(() => {
  market.value = null
})

export async function loadMarket(): Promise<void> {
  market.value = await call('GET /v1/calendar/now')
}

/** Whether what is known of the market is over by now. */
export const isMarketOver = computed(() => {
  const equity = market.value?.find(({ segment }) => segment === 'equity')
  return equity === undefined || now.value >= Date.parse(equity.until)
})

const { phases, follows, weekend, unconfirmed } = words.today.market

/** `Market open · closes 15:30 IST · 2 h 4 min left`, by the shares of NSE and BSE. */
export function marketWords(now: MarketNow, nowMs: number): readonly string[] {
  const untilMs = Date.parse(now.until)
  const day = istDay(untilMs, nowMs)
  const moment = `${day === 'today' ? '' : `${day} `}${istClock(untilMs)} IST`
  const isWeekend = now.phase === 'holiday' && now.day.kind === 'weekend'
  const note = now.phase === 'holiday' && now.day.note !== '' ? `: ${now.day.note}` : ''
  const doubt = now.day.kind === 'unconfirmed' ? [unconfirmed] : []
  return [
    isWeekend ? weekend : `${phases[now.phase]}${note}`,
    `${follows[now.next]} ${moment}`,
    ...(untilMs > nowMs && untilMs - nowMs < 24 * 3_600_000 ? [leftText(untilMs - nowMs)] : []),
    ...doubt,
  ]
}
