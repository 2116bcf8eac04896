import { useLive, useMoment } from '../live/use-live.ts'
import { now } from '../time/clock.ts'
import { isAboutMarket, loadMarket, market, marketOverMs, marketWords } from './market.ts'

/** Keeps the market's clock true. @returns whether it is known, or cannot be read now */
export function useMarket(): boolean {
  const at = market.value
  const passed = useMoment(at === null ? null : marketOverMs(at, now.peek()))
  const problem = useLive(loadMarket, isAboutMarket, passed)
  return at !== null || problem.value !== null
}

/** The market's clock, by the shares of NSE and BSE. */
export function MarketLine() {
  const equity = market.value?.find(({ segment }) => segment === 'equity')
  if (equity === undefined) return <p class="market" />
  const [phase, ...rest] = marketWords(equity, now.value)
  return (
    <p class="market" data-phase={equity.phase}>
      <span class="market-phase">{phase}</span> {rest.join(' · ')}
    </p>
  )
}
