import type { Routes } from './route.ts'

export const keyRoutes = {
  'GET /v1/keys': {
    right: 'admin',
    summary: 'The client keys, without the keys.',
    answer: 'KeyView[]',
    run: ({ app, principal }) => app.desk.keys.list(principal),
  },
  'POST /v1/keys': {
    right: 'admin',
    summary: 'Make a client key. It is shown this once.',
    body: 'AddKey',
    answer: 'KeyAdded',
    status: 201,
    async run({ app, principal, body }) {
      const { view, key } = await app.desk.keys.add(principal, body)
      return { ...view, key: key.reveal() }
    },
  },
  'DELETE /v1/keys/{key}': {
    right: 'admin',
    summary: 'Revoke a client key.',
    answer: 'KeyView',
    run: ({ app, principal, params }) => app.desk.keys.revoke(principal, params.key),
  },
} satisfies Partial<Routes>
