import type { Routes } from './route.ts'

export const morningRoutes = {
  'GET /v1/roll-call': {
    right: 'status',
    summary: 'Who is ready for the market, and who still needs a login, by the deadline of the day.',
    answer: 'RollCallView',
    run: ({ app, principal }) => app.desk.rollCall.view(principal),
  },
} satisfies Partial<Routes>
