import type { Routes } from './route.ts'

export const alertRoutes = {
  'GET /v1/alerts': {
    right: 'admin',
    summary: 'The channels of alerts, without their secrets, and how the last message went.',
    answer: 'AlertChannelView[]',
    run: ({ app, principal }) => app.desk.alerts.list(principal),
  },
  'POST /v1/alerts': {
    right: 'person',
    summary: 'Add a channel. A secret that bhor makes is shown this once.',
    body: 'AddAlertChannel',
    answer: 'AlertChannelAdded',
    status: 201,
    run: ({ app, principal, body }) => app.desk.alerts.add(principal, body),
  },
  'PATCH /v1/alerts/{id}': {
    right: 'person',
    summary: 'Change a channel, by its name.',
    body: 'EditAlertChannel',
    answer: 'AlertChannelView',
    run: ({ app, principal, params, body }) => app.desk.alerts.edit(principal, params.id, body),
  },
  'DELETE /v1/alerts/{id}': {
    right: 'person',
    summary: 'Remove a channel, with what waits for it.',
    run: ({ app, principal, params }) => app.desk.alerts.remove(principal, params.id),
  },
  'POST /v1/alerts/{id}/test': {
    right: 'admin',
    summary: 'Send a test that everybody sees who reads the channel.',
    answer: 'AlertTested',
    run: ({ app, principal, params }) => app.desk.alerts.test(principal, params.id),
  },
} satisfies Partial<Routes>
