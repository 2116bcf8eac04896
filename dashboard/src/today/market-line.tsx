import { now } from '../time/clock.ts'
import { market, marketWords } from './market.ts'

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
