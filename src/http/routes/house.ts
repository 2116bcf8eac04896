import { doctor } from '../../app/doctor.ts'
import { requireRight } from '../../session/ground/rights.ts'
import type { Routes } from './route.ts'
import { wholeNumber } from './whole-number.ts'

/** How long a caller waits for news at most. */
const longestWaitMs = 25_000

export const houseRoutes = {
  'GET /v1/doctor': {
    right: 'admin',
    summary: 'Check this installation.',
    answer: 'DoctorFinding[]',
    run: ({ app, principal }) => doctor(app, principal),
  },
  'GET /v1/config': {
    right: 'admin',
    summary: 'Every option, its value and where it comes from. Secrets are masked.',
    answer: 'ConfigOption[]',
    async run({ app, principal }) {
      requireRight(principal, 'admin', 'house')
      return [...app.config.explained]
    },
  },
  'GET /metrics': {
    right: 'status',
    summary: 'Metrics for Prometheus.',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    run: async ({ app, principal }) => (await import('../metrics.ts')).metricsText(app, principal),
  },
  'GET /v1/changes': {
    right: 'status',
    summary: 'Answers when something has changed since `after`, or after 25 seconds.',
    query: { after: 'The number that was answered before; 0 when left out.' },
    answer: 'Version',
    isWaiting: true,
    async run({ app, principal, query, request }) {
      requireRight(principal, 'status', 'own')
      const after = wholeNumber('after', query.after ?? '0', 0, Number.MAX_SAFE_INTEGER)
      const { feed } = app.desk.context
      return { version: await feed.past(after, app.clock, longestWaitMs, request.signal()) }
    },
  },
} satisfies Partial<Routes>
