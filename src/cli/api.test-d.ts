import { accountRoutes } from '../http/routes/accounts.ts'
import { keyRoutes } from '../http/routes/keys.ts'
import type { Route, Routes } from '../http/routes/route.ts'
import { call } from './call.ts'
import type { ApiClient } from './wire.ts'

/*
 * Compiled, never run: what the compiler must stop.
 */

// @ts-expect-error a name of the API without a route
export const missing: Routes = { ...accountRoutes, ...keyRoutes }

export const strange = {
  ...accountRoutes,
  // @ts-expect-error a route that the API does not name
  'GET /v1/nothing': accountRoutes['GET /v1/accounts'],
} satisfies Partial<Routes>

const account = { right: 'status', summary: 'One.', answer: 'AccountView' } as const
type Account = Route<'GET /v1/accounts/{account}'>

export const other = {
  ...account,
  // @ts-expect-error another answer than the API says
  run: ({ app, principal }) => app.desk.accounts.list(principal),
} satisfies Account

export const misnamed = {
  ...account,
  // @ts-expect-error a parameter that the path has not
  run: ({ app, principal, params }) => app.desk.accounts.get(principal, params.login),
} satisfies Account

export const described: Account = {
  ...account,
  // @ts-expect-error described as something else than it answers
  answer: 'LoginView',
  run: ({ app, principal, params }) => app.desk.accounts.get(principal, params.account),
}

/** A caller gives exactly what the route takes. */
export async function calls(desk: ApiClient): Promise<unknown[]> {
  return [
    await call(desk, 'GET /v1/accounts'),
    await call(desk, 'GET /v1/audit', { query: { limit: '5' } }),
    // @ts-expect-error no such route
    await call(desk, 'GET /v1/nothing'),
    // @ts-expect-error the account is not named
    await call(desk, 'GET /v1/accounts/{account}'),
    // @ts-expect-error a query that the route does not know
    await call(desk, 'GET /v1/audit', { query: { from: '5' } }),
    // @ts-expect-error a body of another shape
    await call(desk, 'POST /v1/accounts', { body: { account: 'papa' } }),
  ]
}
