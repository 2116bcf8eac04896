import type { HandOut } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import type { Routes } from './route.ts'
import { wishOf } from './sessions.ts'

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
    summary: 'Revoke a client key, and those that it made.',
    query: { made: 'What becomes of the keys that it made: `revoke`, as when left out, or `keep`.' },
    answer: 'KeyRevoked',
    run: ({ app, principal, params, query: { made = 'revoke' } }) => {
      if (made !== 'revoke' && made !== 'keep')
        throw new BhorError('bad_field', 'made must be revoke or keep.', { facts: { field: 'made' } })
      return app.desk.keys.revoke(principal, params.key, { keepsMade: made === 'keep' })
    },
  },
  'POST /v1/accounts/{account}/runs': {
    right: 'read-token',
    summary:
      'Hand out the session to a program that is about to be started, with a key for its run, for this account alone. It ends half a minute after nobody holds it any more: see `GET /v1/events`.',
    body: 'StartRun',
    answer: 'RunStarted',
    status: 201,
    async run({ app, principal, params: { account }, body: { name, minLife } }) {
      const wish = wishOf(minLife === undefined ? {} : { min_life: minLife })
      const given = await app.desk.sessions.handOut(principal, account, wish)
      const { key, ...started } = await app.desk.runs.start(principal, account, name)
      return {
        ...started,
        key: key.reveal(),
        url: app.origin,
        session: JSON.parse(given.reveal()) as HandOut,
      }
    },
  },
  'DELETE /v1/runs/{run}': {
    right: 'read-token',
    summary: 'The run is over: its key is deleted.',
    run: ({ app, principal, params }) => app.desk.runs.end(principal, params.run),
  },
} satisfies Partial<Routes>
