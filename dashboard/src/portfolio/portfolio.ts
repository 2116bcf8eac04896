import { signal } from '@preact/signals'
import type { Problem } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import type { PortfolioView } from '../../../src/contracts/portfolio.ts'
import { call } from '../api.ts'
import { toProblem } from '../problem.ts'
import { onLeaving } from '../session-state.ts'

/** What was read last; null until the first answer. */
export const portfolio = signal<PortfolioView | null>(null)
/** Why the last reading brought nothing. */
export const portfolioProblem = signal<Problem | null>(null)
export const isReading = signal(false)
onLeaving(() => {
  portfolio.value = null
  portfolioProblem.value = null
  reading = undefined
})

let reading: Promise<void> | undefined
let isAskedAgain = false

/** Reads it once more, also for whoever asks while it is being read. */
export function loadPortfolio(): Promise<void> {
  isAskedAgain = reading !== undefined
  reading ??= readAll().finally(() => {
    reading = undefined
  })
  return reading
}

async function readAll(): Promise<void> {
  isReading.value = true
  try {
    do {
      isAskedAgain = false
      portfolio.value = await call('GET /v1/portfolio')
      portfolioProblem.value = null
    } while (isAskedAgain)
  } catch (error) {
    portfolioProblem.value = toProblem(error)
  } finally {
    isReading.value = false
  }
}

const aboutSessions: ReadonlySet<FeedEvent['event']> = new Set([
  'session.started',
  'session.ended',
  'recovered',
  'reset',
])

/** After these an account can be read that could not, or the other way round. */
export function isAboutPortfolio({ event, data }: FeedEvent): boolean {
  if (event === 'account.changed') return data.change !== 'tested' && data.change !== 'measured'
  return aboutSessions.has(event)
}
