import { doctor } from '../app/doctor.js';
import { durationMs } from '../core/duration.js';
import { BhorError } from '../core/errors.js';
/** Every route of the desk's API, in the order of `/openapi.json`. A test compares it with the rights table. */
export const routes = [
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
        run: ({ app, principal }) => app.desk.accounts(principal),
    },
    {
        method: 'POST',
        path: '/v1/accounts',
        scope: 'admin',
        summary: 'Add an account.',
        body: 'AddAccount',
        answer: 'AccountView',
        status: 201,
        run: ({ app, principal, body }) => app.desk.addAccount(principal, body),
    },
    {
        method: 'GET',
        path: '/v1/accounts/{account}',
        scope: 'status',
        summary: 'One account.',
        answer: 'AccountView',
        run: ({ app, principal, params }) => app.desk.account(principal, params.account),
    },
    {
        method: 'PATCH',
        path: '/v1/accounts/{account}',
        scope: 'admin',
        summary: 'Change what is given.',
        body: 'EditAccount',
        answer: 'AccountView',
        run: ({ app, principal, params, body }) => app.desk.editAccount(principal, params.account, body),
    },
    {
        method: 'DELETE',
        path: '/v1/accounts/{account}',
        scope: 'admin',
        summary: 'Remove an account with its sessions. Audit records stay.',
        run: ({ app, principal, params }) => app.desk.removeAccount(principal, params.account),
    },
    {
        method: 'POST',
        path: '/v1/accounts/{account}/login',
        scope: 'login',
        summary: 'Start a login: the answer names the broker’s page to open.',
        body: 'LoginStart',
        answer: 'LoginStarted',
        status: 201,
        run: ({ app, principal, params, body }) => app.desk.startLogin(principal, params.account, body.via ?? 'api'),
    },
    {
        method: 'POST',
        path: '/v1/accounts/{account}/login/complete',
        scope: 'login',
        summary: 'Finish a login with the address where the browser ended.',
        body: 'LoginComplete',
        answer: 'AccountView',
        run: ({ app, principal, params, body }) => app.desk.completePasted(principal, params.account, body.address),
    },
    {
        method: 'GET',
        path: '/v1/accounts/{account}/login/{login}',
        scope: 'login',
        summary: 'How a login stands.',
        answer: 'LoginView',
        run: ({ app, principal, params }) => app.desk.login(principal, params.account, params.login),
    },
    {
        method: 'DELETE',
        path: '/v1/accounts/{account}/login/{login}',
        scope: 'login',
        summary: 'Cancel a login that waits.',
        run: ({ app, principal, params }) => app.desk.cancelLogin(principal, params.account, params.login),
    },
    {
        method: 'GET',
        path: '/v1/accounts/{account}/session',
        scope: 'read-token',
        summary: 'Hand out the session. The audit record is durable before the answer.',
        query: ['min_life', 'kind'],
        answer: 'HandOut',
        run: ({ app, principal, params, query }) => app.desk.handOut(principal, params.account, wishOf(query)),
    },
    {
        method: 'DELETE',
        path: '/v1/accounts/{account}/session',
        scope: 'login',
        summary: 'Log out, here and at the broker.',
        answer: 'AccountView',
        run: ({ app, principal, params }) => app.desk.logout(principal, params.account),
    },
    {
        method: 'POST',
        path: '/v1/accounts/{account}/test',
        scope: 'login',
        summary: 'Ask the broker whether the session lives.',
        body: 'Nothing',
        answer: 'TestResult',
        run: ({ app, principal, params }) => app.desk.test(principal, params.account),
    },
    {
        method: 'POST',
        path: '/v1/accounts/{account}/renew',
        scope: 'login',
        summary: 'Renew without a human, where the broker gave a refresh token.',
        body: 'Nothing',
        answer: 'AccountView',
        run: ({ app, principal, params }) => app.desk.renew(principal, params.account),
    },
    {
        method: 'GET',
        path: '/v1/keys',
        scope: 'admin',
        summary: 'The client keys, without the keys.',
        answer: 'KeyView',
        isList: true,
        run: ({ app }) => app.desk.listKeys(),
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
            const { view, key } = await app.desk.addKey(principal, body);
            return { ...view, key: key.reveal() };
        },
    },
    {
        method: 'DELETE',
        path: '/v1/keys/{key}',
        scope: 'admin',
        summary: 'Revoke a client key.',
        answer: 'KeyView',
        run: ({ app, principal, params }) => app.desk.revokeKey(principal, params.key),
    },
    {
        method: 'GET',
        path: '/v1/audit',
        scope: 'admin',
        summary: 'The latest audit records.',
        query: ['limit', 'account', 'before'],
        answer: 'AuditView',
        isList: true,
        run: ({ app, principal, query }) => app.desk.audit(principal, {
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
        run: ({ app }) => app.desk.verifyAudit(),
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
        run: async ({ app, principal }) => (await import('./metrics.js')).metricsText(app, principal),
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
            const after = wholeNumber('after', query.after ?? '0', 0, Number.MAX_SAFE_INTEGER);
            return { version: await app.desk.context.changes.past(after, app.clock, 25_000, signal) };
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
            const { token, expiresAtMs } = sessions.newLink();
            return {
                url: signInUrl(app, token),
                expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs).toString(),
            };
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
            const { app, sessions, body } = call;
            const { id, cookie, page, expiresAtMs } = sessions.signIn(body.token);
            await app.record({ kind: 'desk', id }, 'desk.sign_in');
            call.setCookie(cookie, expiresAtMs - app.clock.nowMs());
            return {
                csrf: page.reveal(),
                expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs).toString(),
            };
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
            sessions.signOut(cookie);
            await app.record(principal.actor, 'desk.sign_out');
        },
    },
];
/** The token stands behind `#`, which no browser sends to anybody. */
export function signInUrl(app, token) {
    return `${app.origin}/#sign-in=${token.reveal()}`;
}
function wishOf(query) {
    const { kind, min_life: minLife } = query;
    const minLifeMs = minLife === undefined ? undefined : durationMs(minLife);
    if (minLife !== undefined && minLifeMs === undefined) {
        throw new BhorError('bad_field', 'min_life must be a number with a unit, at most 24h.', {
            hint: 'Write 90s, 20m or 1h.',
            facts: { field: 'min_life' },
        });
    }
    return { ...(kind === undefined ? {} : { kind }), ...(minLifeMs === undefined ? {} : { minLifeMs }) };
}
function wholeNumber(name, text, least, most) {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most)
        return value;
    throw new BhorError('bad_field', `${name} must be a whole number from ${least} to ${most}.`, {
        facts: { field: name },
    });
}
