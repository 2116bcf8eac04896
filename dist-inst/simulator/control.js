import { BhorError, toBhorError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { jsonAnswer } from './answer.js';
import { findRoute } from './routes.js';
import { shaped } from './shape.js';
import { totpCode } from './totp.js';
const done = { done: true };
const routes = [
    { method: 'GET', path: '/control/state', handle: (controlled) => state(controlled) },
    { method: 'POST', path: '/control/clock', handle: setClock },
    { method: 'POST', path: '/control/faults', handle: addFault },
    { method: 'DELETE', path: '/control/faults', handle: clearFaults },
    { method: 'GET', path: '/control/calls', handle: listCalls },
    { method: 'DELETE', path: '/control/calls', handle: clearCalls },
    { method: 'POST', path: '/control/apps', handle: registerApp },
    { method: 'POST', path: '/control/users', handle: addUser },
    { method: 'POST', path: '/control/sessions', handle: adoptSession },
    { method: 'POST', path: '/control/kill-session', handle: killSession },
];
/**
 * The steering wheel, for tests and people with `curl`. JSON in (`content-type: application/json`), JSON out,
 * errors as problem+json with a `code` of bhor's error table. Requests of other web pages are refused.
 *
 * | route | body or query | does |
 * |---|---|---|
 * | `GET /control/state` | – | clock, apps, users with the TOTP of now, live sessions, armed faults |
 * | `POST /control/clock` | `{advanceMs}` or `{set: "2026-11-24T00:30:00Z"}` | moves the brokers' clock |
 * | `POST /control/faults` | {@link Fault}; `times: "always"` for no end | arms a fault |
 * | `DELETE /control/faults` | – | disarms all |
 * | `GET /control/calls` | `?broker=&method=&path=` (`*` for any characters) | what the brokers were asked, in full |
 * | `DELETE /control/calls` | – | forgets them |
 * | `POST /control/apps` | `{broker, apiKey, apiSecret, redirectUrl, userIds?, approvedForRefresh?}` | registers or changes an app |
 * | `POST /control/users` | `{broker, userId, password, pin?, totpSeed, name, email}` | adds or changes a user |
 * | `POST /control/sessions` | `{broker, apiKey, userId, accessToken, expiresAt}` | adopts a session of an earlier run |
 * | `POST /control/kill-session` | `{broker, apiKey}` | ends a session from outside, as a master logout does |
 *
 * @example
 * ```sh
 * curl -s http://127.0.0.1:7890/control/faults -H 'content-type: application/json' \
 *   -d '{"broker":"kite","match":{"path":"/session/token"},"kind":"answer_lost"}'
 * ```
 */
export function control(controlled, call) {
    try {
        checkOrigin(controlled.simulator, call);
        const found = findRoute(routes, call.method, call.path);
        if (found.kind === 'no_path')
            throw new BhorError('not_found', 'The simulator has no such control.');
        if (found.kind === 'no_method')
            throw new BhorError('method_not_allowed', 'This control has another method.');
        return jsonAnswer(200, found.route.handle(controlled, call));
    }
    catch (error) {
        const { code, message: detail, hint, httpStatus: status } = toBhorError(error);
        const headers = { 'content-type': 'application/problem+json' };
        return { ...jsonAnswer(status, { status, code, detail, hint }), headers };
    }
}
/** A web page must not steer: it cannot forge Host (DNS rebinding) nor Origin. */
function checkOrigin({ url, port }, { headers }) {
    const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
    if (!hosts.includes(headers.host ?? '')) {
        throw new BhorError('host_not_allowed', 'The control endpoint answers on its own address only.', {
            hint: `Use ${url}.`,
        });
    }
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
        throw new BhorError('cross_site_blocked', 'Another web page may not control the simulator.');
    }
}
function readBody(call) {
    if (!/^application\/json\b/.test(call.headers['content-type'] ?? '')) {
        throw new BhorError('json_only', 'The control endpoint takes JSON.');
    }
    return parseJson(call.body, { strictFields: true });
}
function state({ simulator, brokers, armed }) {
    const now = simulator.clock.now();
    return {
        notice: 'bhor simulator – not a broker, no real money',
        url: simulator.url,
        now: now.toString(),
        brokers: Object.fromEntries([...brokers].map(([id, { world }]) => [
            id,
            {
                hosts: simulator.hosts(id),
                apps: world.apps.all(),
                users: world.users.shown().map((user) => ({ ...user, totpNow: totpCode(user.totpSeed, now) })),
                sessions: world.sessions.live(),
            },
        ])),
        faults: armed().map(({ fault, left }) => ({ ...fault, left: Number.isFinite(left) ? left : 'always' })),
        calls: simulator.calls().length,
    };
}
function setClock({ simulator }, call) {
    const { advanceMs, set } = shaped(readBody(call), { advanceMs: 'number?', set: 'text?' });
    if ((advanceMs === undefined) === (set === undefined))
        throw new BhorError('bad_field', 'Give advanceMs or set.');
    try {
        if (set !== undefined)
            simulator.clock.set(set);
        else
            simulator.clock.advance(advanceMs);
    }
    catch (cause) {
        throw new BhorError('bad_field', 'No such time. An instant looks like 2026-11-24T00:30:00Z.', { cause });
    }
    return { now: simulator.clock.now().toString() };
}
function addFault({ simulator }, call) {
    const fault = shaped(readBody(call), {
        id: 'text?',
        broker: 'text?',
        match: 'object?',
        kind: 'text',
        times: 'times?',
        probability: 'number?',
        status: 'number?',
        delayMs: 'number?',
        location: 'text?',
    });
    const match = fault.match && shaped(fault.match, { method: 'text?', path: 'text?' });
    simulator.faults.add({ ...fault, match });
    return done;
}
function clearFaults({ simulator }) {
    simulator.faults.clear();
    return done;
}
function clearCalls({ simulator }) {
    simulator.clearCalls();
    return done;
}
function listCalls({ simulator }, { query }) {
    const asked = (name) => query.get(name) ?? undefined;
    return { calls: simulator.calls({ broker: asked('broker'), method: asked('method'), path: asked('path') }) };
}
function registerApp({ simulator }, call) {
    simulator.registerApp(shaped(readBody(call), {
        broker: 'text',
        apiKey: 'text',
        apiSecret: 'text',
        redirectUrl: 'text',
        userIds: 'texts?',
        approvedForRefresh: 'boolean?',
    }));
    return done;
}
function addUser({ simulator }, call) {
    simulator.addUser(shaped(readBody(call), {
        broker: 'text',
        userId: 'text',
        password: 'text',
        pin: 'text?',
        totpSeed: 'text',
        name: 'text',
        email: 'text',
    }));
    return done;
}
function adoptSession({ simulator }, call) {
    simulator.adoptSession(shaped(readBody(call), {
        broker: 'text',
        apiKey: 'text',
        userId: 'text',
        accessToken: 'text',
        expiresAt: 'text',
    }));
    return done;
}
function killSession({ simulator }, call) {
    const { broker, apiKey } = shaped(readBody(call), { broker: 'text', apiKey: 'text' });
    return { wasLive: simulator.killSession(broker, apiKey) };
}
