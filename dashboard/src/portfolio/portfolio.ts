import { signal } from '@preact/signals'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import type { PortfolioView } from '../../../src/contracts/portfolio.ts'
import { call } from '../api.ts'
import { lastOnly } from '../last-only.ts'
import { onLeaving } from '../session-state.ts'

/** What was read last; null until the first answer. */
export const portfolio = signal<PortfolioView | null>(null)
/** Brokers take their time: a second or ten. */
export const isReading = signal(false)
onLeaving(() => {
  portfolio.value = null
})

const readLast = lastOnly<PortfolioView>(isReading, (view) => {
  portfolio.value = view
})

export function loadPortfolio(): Promise<void> {
  return readLast(() => call('GET /v1/portfolio'))
}

/** After these an account can be read that could not, or the other way round. Prices change without an event. */
export function isAboutPortfolio({ event, data }: FeedEvent): boolean {
  if (event !== 'account.changed') return event === 'session.started' || event === 'session.ended'
  return ['added', 'edited', 'removed', 'unconfirmed', 'compromised'].includes(data.change)
}
