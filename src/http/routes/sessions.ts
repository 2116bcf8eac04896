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
    confirmsKey: true,
    run: async ({ app, principal, params, query }) =>
      new ReadyAnswer<HandOut>(await app.desk.sessions.handOut(principal, params.account, wishOf(query))),
  },
  'DELETE /v1/accounts/{account}/session': {
    right: 'login',
    summary: 'Log out, here and at the broker.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.sessions.logout(principal, params.account),
  },
  'POST /v1/accounts/{account}/compromised': {
    right: 'admin',
    summary: 'Log out a session that somebody else may have, and say who had been given it.',
    answer: 'Compromised',
    run: ({ app, principal, params }) => app.desk.sessions.giveUp(principal, params.account),
  },
  'POST /v1/accounts/{account}/test': {
    right: 'login',
    summary: 'Ask the broker whether the session lives.',
    answer: 'TestResult',
    run: ({ app, principal, params }) => app.desk.sessions.test(principal, params.account),
  },
  'POST /v1/accounts/{account}/report': {
    right: 'read-token',
    summary:
      'Tell how the broker refused a session that was handed out; bhor asks the broker and says what it believes.',
    body: 'RefusalReport',
    answer: 'ReportView',
    run: ({ app, principal, params, body }) => app.desk.sessions.report(principal, params.account, body),
  },
  'POST /v1/accounts/{account}/renew': {
    right: 'login',
    summary: 'Renew without a human, where the broker gave a refresh token.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.sessions.renew(principal, params.account),
  },
  'GET /v1/accounts/{account}/questions': {
    right: 'admin',
    summary: 'What nobody documents of the broker and this session could tell, each with its call.',
    answer: 'QuestionView[]',
    run: ({ app, principal, params }) => app.desk.learning.questions(principal, params.account),
  },
  'POST /v1/accounts/{account}/questions/{question}': {
    right: 'admin',
    summary: 'Ask the broker one of them: answers with status, code and shape, and no value.',
    answer: 'Learnt',
    run: ({ app, principal, params }) => app.desk.learning.ask(principal, params.account, params.question),
  },
  'POST /v1/accounts/{account}/egress': {
    right: 'login',
    summary: 'Measure by which address the world sees the account, over its own way out.',
    answer: 'AccountEgress',
    run: ({ app, principal, params }) => app.desk.egress.measure(principal, params.account),
  },
} satisfies Partial<Routes>

/** @throws BhorError `bad_field` */
export function wishOf({
  kind,
  min_life: minLife,
}: QueryOf<'GET /v1/accounts/{account}/session'>): HandOutWish {
  const minLifeMs = minLife === undefined ? undefined : durationMs(minLife)
  if (minLife !== undefined && minLifeMs === undefined) {
    throw new BhorError('bad_field', 'min_life must be a number with a unit, at most 24h.', {
      hint: 'Write 90s, 20m or 1h.',
      facts: { field: 'min_life' },
    })
  }
  return { ...(kind === undefined ? {} : { kind }), ...(minLifeMs === undefined ? {} : { minLifeMs }) }
}
