import type { HandOut } from '../../contracts/api.ts'
import type { QueryOf } from '../../contracts/endpoints.ts'
import { durationMs } from '../../core/duration.ts'
import { BhorError } from '../../core/errors.ts'
import type { HandOutWish } from '../../session/handout/handout.ts'
import { ReadyAnswer, type Routes } from './route.ts'

export const sessionRoutes = {
  'GET /v1/accounts/{account}/session': {
    right: 'read-token',
    summary: 'Hand out the session. The audit record is durable before the answer.',
    query: {
      min_life: 'Refuse a session that ends sooner, e.g. 20m.',
      kind: 'Another token than `access`.',
    },
    answer: 'HandOut',
    run: async ({ app, principal, params, query }) =>
      new ReadyAnswer<HandOut>(await app.desk.sessions.handOut(principal, params.account, wishOf(query))),
  },
  'DELETE /v1/accounts/{account}/session': {
    right: 'login',
    summary: 'Log out, here and at the broker.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.sessions.logout(principal, params.account),
  },
  'POST /v1/accounts/{account}/test': {
    right: 'login',
    summary: 'Ask the broker whether the session lives.',
    answer: 'TestResult',
    run: ({ app, principal, params }) => app.desk.sessions.test(principal, params.account),
  },
  'POST /v1/accounts/{account}/renew': {
    right: 'login',
    summary: 'Renew without a human, where the broker gave a refresh token.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.sessions.renew(principal, params.account),
  },
} satisfies Partial<Routes>

function wishOf({ kind, min_life: minLife }: QueryOf<'GET /v1/accounts/{account}/session'>): HandOutWish {
  const minLifeMs = minLife === undefined ? undefined : durationMs(minLife)
  if (minLife !== undefined && minLifeMs === undefined) {
    throw new BhorError('bad_field', 'min_life must be a number with a unit, at most 24h.', {
      hint: 'Write 90s, 20m or 1h.',
      facts: { field: 'min_life' },
    })
  }
  return { ...(kind === undefined ? {} : { kind }), ...(minLifeMs === undefined ? {} : { minLifeMs }) }
}
