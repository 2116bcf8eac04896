import { doctor } from '../app/doctor.ts'
import type { App } from '../app/open.ts'
import type { AddAccount, AddKey, EditAccount, LoginComplete, LoginStart, Scope } from '../contracts/api.ts'
import { durationMs } from '../core/duration.ts'
import { BhorError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import type { Principal } from '../session/context.ts'
import type { DeskSessions } from './desk-sessions.ts'
import type { Door } from './gate.ts'
import type { answers, bodies } from './schemas.ts'

/** What an action gets: everything is checked, the caller has the right. */
export interface Call {
  readonly app: App
  readonly sessions: DeskSessions
  readonly door: Door | 'library'
  readonly principal: Principal
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly signal: AbortSignal
  /** For the two routes that deal in cookies. */
  readonly cookie: string
  setCookie(value: Secret, maxAgeMs: number): void
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** `{name}` for a segment. */
  readonly path: `/${string}`
  /** The right that it takes. `anyone`: no credential. `person`: the operator or somebody signed in, never a key. `operator`: only the command line of the same user. */
  readonly scope: Scope | 'anyone' | 'person' | 'operator'
  readonly summary: string
  /** Query parameters that are known; any other is refused. */
  readonly query?: readonly string[]
  readonly body?: keyof typeof bodies
  readonly answer?: keyof typeof answers
  readonly isList?: true
  /** 200 when left out, 204 without an answer. */
  readonly status?: 201
  /** Sent as text of this type instead of JSON. */
  readonly contentType?: string
  /** Waits for news: no sign that somebody is there. */
  readonly isWaiting?: true
  /** A {@link Secret} is sent as JSON text as it is. */
  run(call: Call): Promise<unknown>
}

/** Every route of the desk's API, in the order of `/openapi.json`. A test compares it with the rights table. */
export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/brokers',
    scope: 'status',
    summary: 'The brokers that bhor speaks, and what to register there.',
    answer: 'BrokerView',
    isList: true,
    run: ({ app }) => app.desk.brokers(app.brokerIds),
  },
  {
    method: 'GET',
    path: '/v1/accounts',
    scope: 'status',
    summary: 'All accounts that the caller may see, with their sessions.',
    answer: 'AccountView',
    isList: true,
    run: ({ app, principal }) => app.desk.accounts.list(principal),
  },
  {
    method: 'POST',
    path: '/v1/accounts',
    scope: 'admin',
    summary: 'Add an account.',
    body: 'AddAccount',
    answer: 'AccountView',
    status: 201,
    run: ({ app, principal, body }) => app.desk.accounts.add(principal, body as AddAccount),
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}',
    scope: 'status',
    summary: 'One account.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.accounts.get(principal, params.account!),
  },
  {
    method: 'PATCH',
    path: '/v1/accounts/{account}',
    scope: 'admin',
    summary: 'Change what is given.',
    body: 'EditAccount',
    answer: 'AccountView',
    run: ({ app, principal, params, body }) =>
      app.desk.accounts.edit(principal, params.account!, body as EditAccount),
  },
  {
    method: 'DELETE',
    path: '/v1/accounts/{account}',
    scope: 'admin',
    summary: 'Remove an account with its sessions. Audit records stay.',
    run: ({ app, principal, params }) => app.desk.accounts.remove(principal, params.account!),
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/login',
    scope: 'login',
    summary: 'Start a login: the answer names the broker’s page to open.',
    body: 'LoginStart',
    answer: 'LoginStarted',
    status: 201,
    run: ({ app, principal, params, body }) =>
      app.desk.logins.start(principal, params.account!, (body as LoginStart).via ?? 'api'),
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/login/complete',
    scope: 'login',
    summary: 'Finish a login with the address where the browser ended.',
    body: 'LoginComplete',
    answer: 'AccountView',
    run: ({ app, principal, params, body }) =>
      app.desk.logins.paste(principal, params.account!, (body as LoginComplete).address),
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}/login/{login}',
    scope: 'login',
    summary: 'How a login stands.',
    answer: 'LoginView',
    run: ({ app, principal, params }) => app.desk.logins.get(principal, params.account!, params.login!),
  },
  {
    method: 'DELETE',
    path: '/v1/accounts/{account}/login/{login}',
    scope: 'login',
    summary: 'Cancel a login that waits.',
    run: ({ app, principal, params }) => app.desk.logins.cancel(principal, params.account!, params.login!),
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}/session',
    scope: 'read-token',
    summary: 'Hand out the session. The audit record is durable before the answer.',
    query: ['min_life', 'kind'],
    answer: 'HandOut',
    run: ({ app, principal, params, query }) => app.desk.sessions.handOut(principal, params.account!, wishOf(query)),
  },
  {
    method: 'DELETE',
    path: '/v1/accounts/{account}/session',
    scope: 'login',
    summary: 'Log out, here and at the broker.',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.sessions.logout(principal, params.account!),
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/test',
    scope: 'login',
    summary: 'Ask the broker whether the session lives.',
    body: 'Nothing',
    answer: 'TestResult',
    run: ({ app, principal, params }) => app.desk.sessions.test(principal, params.account!),
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/renew',
    scope: 'login',
    summary: 'Renew without a human, where the broker gave a refresh token.',
    body: 'Nothing',
    answer: 'AccountView',
    run: ({ app, principal, params }) => app.desk.sessions.renew(principal, params.account!),
  },
  {
    method: 'GET',
    path: '/v1/keys',
    scope: 'admin',
    summary: 'The client keys, without the keys.',
    answer: 'KeyView',
    isList: true,
    run: ({ app }) => app.desk.keys.list(operator),
  },
  {
    method: 'POST',
    path: '/v1/keys',
    scope: 'admin',
    summary: 'Make a client key. It is shown this once.',
    body: 'AddKey',
    answer: 'KeyAdded',
    status: 201,
    async run({ app, principal, body }) {
      const { view, key } = await app.desk.keys.add(principal, body as AddKey)
      return { ...view, key: key.reveal() }
    },
  },
  {
    method: 'DELETE',
    path: '/v1/keys/{key}',
    scope: 'admin',
    summary: 'Revoke a client key.',
    answer: 'KeyView',
    run: ({ app, principal, params }) => app.desk.keys.revoke(principal, params.key!),
  },
  {
    method: 'GET',
    path: '/v1/audit',
    scope: 'admin',
    summary: 'The latest audit records.',
    query: ['limit', 'account', 'before'],
    answer: 'AuditView',
    isList: true,
    run: ({ app, principal, query }) =>
      app.desk.audit.list(principal, {
        limit: wholeNumber('limit', query.limit ?? '50', 1, 1000),
        ...(query.account === undefined ? {} : { account: query.account }),
        ...(query.before === undefined
          ? {}
          : { before: wholeNumber('before', query.before, 1, Number.MAX_SAFE_INTEGER) }),
      }),
  },
  {
    method: 'GET',
    path: '/v1/audit/verify',
    scope: 'admin',
    summary: 'Check the whole audit chain.',
    answer: 'AuditCheck',
    run: ({ app }) => app.desk.audit.verify(operator),
  },
  {
    method: 'GET',
    path: '/v1/doctor',
    scope: 'admin',
    summary: 'Check this installation.',
    answer: 'DoctorFinding',
    isList: true,
    run: ({ app }) => doctor(app),
  },
  {
    method: 'GET',
    path: '/v1/config',
    scope: 'admin',
    summary: 'Every option, its value and where it comes from. Secrets are masked.',
    answer: 'ConfigOption',
    isList: true,
    run: async ({ app }) => app.config.explained,
  },
  {
    method: 'GET',
    path: '/metrics',
    scope: 'status',
    summary: 'Metrics for Prometheus.',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    run: async ({ app, principal }) => (await import('./metrics.ts')).metricsText(app, principal),
  },
  {
    method: 'GET',
    path: '/v1/changes',
    scope: 'status',
    summary: 'Answers when something has changed since `after`, or after 25 seconds.',
    query: ['after'],
    answer: 'Version',
    isWaiting: true,
    async run({ app, query, signal }) {
      const after = wholeNumber('after', query.after ?? '0', 0, Number.MAX_SAFE_INTEGER)
      return { version: await app.desk.context.changes.past(after, app.clock, 25_000, signal) }
    },
  },
  {
    method: 'POST',
    path: '/v1/desk/link',
    scope: 'operator',
    summary: 'A new one-time sign-in link to the dashboard.',
    body: 'Nothing',
    answer: 'Link',
    async run({ app, sessions }) {
      const { token, expiresAtMs } = sessions.newLink()
      return {
        url: signInUrl(app, token),
        expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs).toString(),
      }
    },
  },
  {
    method: 'POST',
    path: '/v1/desk/sign-in',
    scope: 'anyone',
    summary: 'Sign in to the dashboard with a link’s token.',
    body: 'SignIn',
    answer: 'SignedIn',
    async run(call) {
      const { app, sessions, body } = call
      const { id, cookie, page, expiresAtMs } = sessions.signIn((body as { token: string }).token)
      await app.record({ kind: 'desk', id }, 'desk.sign_in')
      call.setCookie(cookie, expiresAtMs - app.clock.nowMs())
      return {
        csrf: page.reveal(),
        expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs).toString(),
      }
    },
  },
  {
    method: 'GET',
    path: '/v1/desk/me',
    scope: 'person',
    summary: 'Whether you are signed in.',
    answer: 'Me',
    run: async ({ app }) => ({ signedIn: true, expiresAt: null, url: app.origin }),
  },
  {
    method: 'POST',
    path: '/v1/desk/sign-out',
    scope: 'person',
    summary: 'Sign out of the dashboard.',
    body: 'Nothing',
    async run({ app, sessions, cookie, principal }) {
      sessions.signOut(cookie)
      await app.record(principal.actor, 'desk.sign_out')
    },
  },
]

/** The token stands behind `#`, which no browser sends to anybody. */
export function signInUrl(app: App, token: Secret): string {
  return `${app.origin}/#sign-in=${token.reveal()}`
}

function wishOf(query: Readonly<Record<string, string>>): { kind?: string; minLifeMs?: number } {
  const { kind, min_life: minLife } = query
  const minLifeMs = minLife === undefined ? undefined : durationMs(minLife)
  if (minLife !== undefined && minLifeMs === undefined) {
    throw new BhorError('bad_field', 'min_life must be a number with a unit, at most 24h.', {
      hint: 'Write 90s, 20m or 1h.',
      facts: { field: 'min_life' },
    })
  }
  return { ...(kind === undefined ? {} : { kind }), ...(minLifeMs === undefined ? {} : { minLifeMs }) }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new BhorError('bad_field', `${name} must be a whole number from ${least} to ${most}.`, {
    facts: { field: name },
  })
}
