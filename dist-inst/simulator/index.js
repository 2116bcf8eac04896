import { systemClock } from '../core/clock.js';
import { BhorError } from '../core/errors.js';
import { seededRandom, systemRandom } from '../core/random.js';
import { control } from './control.js';
import { Faults } from './faults.js';
import { History } from './history.js';
import { requestTokenTtlMs, simulateKite } from './kite/broker.js';
import { MovableClock } from './movable-clock.js';
import { logInAs } from './person.js';
import { startServer } from './server.js';
import { simulateUpstox } from './upstox/broker.js';
import { codeTtlMs } from './upstox/unverified.js';
import { demoUsers } from './users.js';
import { createWorld } from './world.js';
export { faultKinds } from './faults.js';
export { totpCode } from './totp.js';
export { demoUsers } from './users.js';
export const simulatorPort = 7890;
const loopback = ['127.0.0.1', '::1'];
/**
 * Starts Kite and Upstox on loopback as the real ones behave: login pages, one-time codes, one session per app,
 * death at dawn, their error shapes and limits, and faults on demand. Everything is in memory, nothing is real.
 *
 * @throws BhorError `config_invalid` for an address that is not loopback, `port_in_use`
 *
 * @example
 * ```ts
 * await using simulator = await startSimulator({ port: 0 })
 * simulator.registerApp({ broker: 'kite', apiKey: 'key', apiSecret: 'secret', redirectUrl: 'http://127.0.0.1:7878/callback/kite' })
 * simulator.faults.add({ broker: 'kite', match: { path: '/session/token' }, kind: 'answer_lost' })
 * ```
 */
export async function startSimulator(options = {}) {
    const { port = simulatorPort, host = '127.0.0.1', clock: base = systemClock, random = systemRandom, } = options;
    if (!loopback.includes(host)) {
        throw new BhorError('config_invalid', 'The simulator binds 127.0.0.1 or ::1 only: it is no broker.');
    }
    const clock = new MovableClock(base);
    const now = () => clock.now();
    const shared = { now, random, hasLimits: options.rateLimits ?? true };
    const brokers = new Map([
        [
            'kite',
            simulateKite(createWorld({ ...shared, demoUser: demoUsers.kite, codeTtlMs: requestTokenTtlMs })),
        ],
        ['upstox', simulateUpstox(createWorld({ ...shared, demoUser: demoUsers.upstox, codeTtlMs }))],
    ]);
    const faults = new Faults(seededRandom(`${options.seed ?? 'bhor'}:faults`));
    const history = new History();
    const server = await startServer({
        host,
        port,
        clock: base,
        now,
        brokers,
        faults,
        history,
        control: (call) => control({ simulator, brokers, armed: () => faults.armed() }, call),
    });
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
    const { promise: closed, resolve: announceClosed } = Promise.withResolvers();
    const worldOf = (id) => brokerOf(brokers, id).world;
    const simulator = {
        url,
        port: server.port,
        hosts: (id) => Object.fromEntries(brokerOf(brokers, id).hostRoles.map((role) => [role, `${url}/${id}`])),
        registerApp: (app) => worldOf(app.broker).apps.register(app),
        addUser: (user) => worldOf(user.broker).users.add(user),
        adoptSession(session) {
            const world = worldOf(session.broker);
            if (!world.users.get(session.userId))
                throw new BhorError('bad_field', 'The broker has no such user to adopt a session for.');
            const { apiKey, userId, accessToken } = session;
            world.sessions.open({ apiKey, userId, accessToken, issuedAt: now(), expiresAt: instantOf(session) });
        },
        killSession: (id, apiKey) => worldOf(id).sessions.kill(apiKey),
        logIn: (id, loginUrl, person = {}) => logInAs(brokerOf(brokers, id), `${url}/${id}`, loginUrl, person),
        clock,
        faults: { add: (fault) => faults.add(fault), clear: () => faults.clear() },
        calls: (filter) => history.calls(filter),
        clearCalls: () => history.clear(),
        async close() {
            await server.close();
            announceClosed();
        },
        closed,
        [Symbol.asyncDispose]: () => simulator.close(),
    };
    options.banner?.(bannerText(url));
    return simulator;
}
function brokerOf(brokers, id) {
    const broker = brokers.get(id);
    if (!broker)
        throw new BhorError('broker_not_found', 'The simulator does not know this broker.');
    return broker;
}
function instantOf({ expiresAt }) {
    try {
        return Temporal.Instant.from(expiresAt.toString());
    }
    catch (cause) {
        throw new BhorError('bad_field', 'expiresAt is not an instant such as 2026-11-24T00:30:00Z.', { cause });
    }
}
function bannerText(url) {
    return [
        '************************************************************************',
        '*  BHOR SIMULATOR: NOT A BROKER, NO REAL MONEY, NO REAL ORDERS.         *',
        '*  Kite and Upstox are imitated here for tests. All of it is in memory  *',
        '*  and gone when it stops. Never type real credentials into its pages.  *',
        '************************************************************************',
        `Listening on ${url}`,
    ].join('\n');
}
