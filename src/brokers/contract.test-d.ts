import type { Broker, LoginMethod, RoutePattern, Verdict } from '../contracts/broker.ts'
import { defineBroker } from '../contracts/broker.ts'
import { kite } from './kite/index.ts'
import { upstox } from './upstox/index.ts'

/*
 * Compiled, never run: what the contract must let through, and what it must stop. Whole adapters of other families
 * stand in test/contract-families.
 */

const base: Broker = kite

/** `defineBroker` keeps literals, so that ids, hosts and token kinds can be known to the compiler. */
export const literals: readonly ['kite', 'upstox', 'https://api.kite.trade', true] = [
  kite.id,
  upstox.id,
  kite.hosts.api,
  kite.tokens.access.canOrder,
]

/** The user approves on the phone; a notifier brings the session (Upstox’ access token request). */
export const approval: LoginMethod = {
  kind: 'approval',
  approvalTtlMs: 60 * 60_000,
  request: {
    name: 'ask',
    request: ({ app }) => ({
      method: 'POST',
      host: 'api',
      path: `/v3/login/auth/token/request/${app.apiKey}`,
      body: { json: { client_secret: app.apiSecret } },
    }),
    read: () => ({ carry: {} }),
  },
  readNotification: (body) =>
    typeof body === 'string'
      ? {
          kind: 'granted',
          apiKey: 'key',
          grant: {
            tokens: { access: body },
            userId: 'AB1234',
            grantedAt: Temporal.Instant.fromEpochMilliseconds(0),
            expiresAt: Temporal.Instant.fromEpochMilliseconds(1),
          },
        }
      : { kind: 'incomplete', missing: 'access_token' },
}

/** A form posted back instead of a query, a code that holds a literal `+`, a signature over the body. */
export const awkward = defineBroker({
  ...base,
  logins: [
    {
      kind: 'redirect',
      state: 'none',
      callbackMethod: 'POST',
      grantTtlMs: 60_000,
      loginUrl: () => ({ host: 'login', path: '/login' }),
      readCallback: ({ rawQuery }) => ({ kind: 'granted', vars: { code: rawQuery }, secretVars: ['code'] }),
      steps: [],
    },
  ],
  sign: (request, { app, now }) => ({
    ...request,
    headers: {
      ...request.headers,
      'x-timestamp': now.toString(),
      'x-checksum': `${app.apiSecret}${JSON.stringify(request.body)}`,
    },
  }),
})

// @ts-expect-error a verdict of our own invention
export const noVerdict: Verdict = { kind: 'probably_expired' }

// @ts-expect-error a route needs a method
export const noRoute: RoutePattern = '/orders/*'

// @ts-expect-error a time of day is HH:MM
export const noExpiry: Broker['expiry'] = { kind: 'daily_at', time: 'dawn' }

// @ts-expect-error a redirect login says whether the state comes back
export const noState: LoginMethod = {
  kind: 'redirect',
  callbackMethod: 'GET',
  grantTtlMs: 1,
  loginUrl: () => ({ host: 'a', path: '/' }),
  readCallback: () => ({ kind: 'incomplete', missing: 'code' }),
  steps: [],
}

// @ts-expect-error a robot that fills in the broker’s own login page has no place here
export const noRobot: LoginMethod = { kind: 'browser', script: 'type the password' }
