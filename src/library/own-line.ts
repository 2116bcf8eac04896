import type { App } from '../app/open.ts'
import type { Asked, Heard, Line } from '../client/line.ts'
import type { HandOut } from '../contracts/api.ts'
import type { AnswerOf, ArgumentsOf, InputOf } from '../contracts/endpoints.ts'
import { durationMs } from '../core/duration.ts'
import { BhorError } from '../core/errors.ts'
import { fullRights } from '../session/ground/rights.ts'

type Answers = { readonly [E in Asked]: (input: InputOf<E>) => Promise<AnswerOf<E>> }

/** bhor in this process: the same questions, without a wire. */
export function ownLine({ desk }: Pick<App, 'desk'>): Line {
  const caller = fullRights('library')
  const { accounts, logins, sessions, gates, portfolios } = desk
  const answers: Answers = {
    'GET /v1/accounts': () => accounts.list(caller),
    'POST /v1/accounts': ({ body }) => accounts.add(caller, body),
    'GET /v1/accounts/{account}': ({ params }) => accounts.get(caller, params.account),
    'POST /v1/accounts/{account}/login': ({ params, body }) =>
      logins.start(caller, params.account, { via: 'api', ...body }),
    'POST /v1/accounts/{account}/login/complete': ({ params, body }) =>
      logins.paste(caller, params.account, body.address),
    'GET /v1/accounts/{account}/session': async ({ params, query = {} }) => {
      const { kind, min_life: minLife } = query
      const minLifeMs = minLife === undefined ? undefined : durationMs(minLife)
      const wish = {
        ...(kind === undefined ? {} : { kind }),
        ...(minLifeMs === undefined ? {} : { minLifeMs }),
      }
      return JSON.parse((await sessions.handOut(caller, params.account, wish)).reveal()) as HandOut
    },
    'DELETE /v1/accounts/{account}/session': ({ params }) => sessions.logout(caller, params.account),
    'POST /v1/accounts/{account}/report': ({ params, body }) => sessions.report(caller, params.account, body),
    'POST /v1/accounts/{account}/test': ({ params }) => sessions.test(caller, params.account),
    'POST /v1/accounts/{account}/renew': ({ params }) => sessions.renew(caller, params.account),
    'GET /v1/accounts/{account}/gate': ({ params }) => gates.get(caller, params.account),
    'GET /v1/portfolio': () => portfolios.view(caller),
  }
  return {
    fault: (code, message, parts) => new BhorError(code, message, parts),
    // Nothing lies between: who is not told was not to be told.
    longestSilenceMs: Number.POSITIVE_INFINITY,
    ask: <E extends Asked>(endpoint: E, ...[input]: ArgumentsOf<E>) =>
      answers[endpoint]((input ?? {}) as InputOf<E>),
    async *follow(after, signal): AsyncGenerator<Heard, void> {
      const from = after === undefined ? undefined : Number(after)
      const { pages } = await desk.events.follow(caller, from, signal)
      for await (const { seq, events } of pages) {
        for (const event of events) yield { id: String(event.data.seq), event }
        yield { id: String(seq) }
      }
    },
  }
}
