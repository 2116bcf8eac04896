import { findRoute } from '../routes.js';
import { deadToken, kiteError, kiteRefusal, kiteSuccess } from './errors.js';
import { finishLogin, showLogin, submitLogin } from './login.js';
import { cancelOrder, changeOrder, listOrders, placeOrder, showOrder } from './orders.js';
import { profileOf, showHoldings, showInstruments, showMargins, showPositions } from './portfolio.js';
import { authenticate, endSession, exchange, renew } from './session.js';
/** Staff said 5 minutes, single use (kite.trade/forum comment 3502). */
export const requestTokenTtlMs = 5 * 60_000;
/** kite.trade/docs/connect/v3/exceptions: per account for orders, 10 a second for everything else. */
const orderLimits = [
    { ms: 1000, most: 10 },
    { ms: 60_000, most: 400 },
    { ms: 86_400_000, most: 5000 },
];
const otherLimits = [{ ms: 1000, most: 10 }];
/** Kite Connect v3: login pages of kite.zerodha.com and API of api.kite.trade under one roof. */
export function simulateKite(world) {
    const refreshTokens = new Map();
    const open = [
        { method: 'GET', path: '/connect/login', handle: (call) => showLogin(world, call) },
        { method: 'POST', path: '/connect/login', handle: (call) => submitLogin(world, call) },
        { method: 'GET', path: '/connect/finish', handle: (call) => finishLogin(world, call) },
        { method: 'POST', path: '/session/token', handle: (call) => exchange(world, refreshTokens, call) },
        { method: 'DELETE', path: '/session/token', handle: (call) => endSession(world, refreshTokens, call) },
        { method: 'POST', path: '/session/refresh_token', handle: (call) => renew(world, refreshTokens, call) },
        { method: 'GET', path: '/instruments', handle: () => showInstruments() },
        {
            method: 'GET',
            path: '/instruments/:exchange',
            handle: (_, params) => showInstruments(params.exchange),
        },
    ];
    const guarded = [
        { method: 'GET', path: '/user/profile', handle: (_, { user }) => kiteSuccess(profileOf(user)) },
        { method: 'GET', path: '/user/margins', handle: () => showMargins() },
        { method: 'GET', path: '/user/margins/:segment', handle: (_, __, params) => showMargins(params.segment) },
        { method: 'GET', path: '/portfolio/holdings', handle: () => showHoldings() },
        { method: 'GET', path: '/portfolio/positions', handle: () => showPositions() },
        { method: 'GET', path: '/orders', handle: (_, { session }) => listOrders(world, session) },
        {
            method: 'GET',
            path: '/orders/:id',
            handle: (_, { session }, params) => showOrder(world, session, params.id),
        },
        {
            method: 'POST',
            path: '/orders/:variety',
            handle: (call, { session }, params) => placeOrder(world, session, call, params.variety),
        },
        {
            method: 'PUT',
            path: '/orders/:variety/:id',
            handle: (call, { session }, params) => changeOrder(world, session, call, params.id),
        },
        {
            method: 'DELETE',
            path: '/orders/:variety/:id',
            handle: (_, { session }, params) => cancelOrder(world, session, params.id),
        },
    ];
    const isOrder = (method, path) => method !== 'GET' && path.startsWith('/orders/');
    return {
        world,
        hostRoles: ['login', 'api'],
        exchangePath: '/session/token',
        isOrder,
        refuse: kiteRefusal,
        answer(call) {
            const unguarded = findRoute(open, call.method, call.path);
            if (unguarded.kind === 'found')
                return unguarded.route.handle(call, unguarded.params);
            const found = findRoute(guarded, call.method, call.path);
            if (found.kind !== 'found') {
                const knowsPath = unguarded.kind === 'no_method' || found.kind === 'no_method';
                return knowsPath
                    ? kiteError(405, 'GeneralException', 'Method not allowed')
                    : kiteError(404, 'GeneralException', 'Route not found');
            }
            const session = authenticate(world, call);
            if (!session)
                return deadToken();
            const isAllowed = isOrder(call.method, call.path)
                ? world.allows(`orders:${session.userId}`, orderLimits)
                : world.allows(`others:${session.apiKey}`, otherLimits);
            if (!isAllowed)
                return kiteRefusal('rate_limited');
            return found.route.handle(call, { session, user: world.users.get(session.userId) }, found.params);
        },
    };
}
