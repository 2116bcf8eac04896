import { textOf } from '../call.js';
import { findRoute } from '../routes.js';
import { deadToken, notForExtended, upstoxError, upstoxRefusal, upstoxSuccess } from './errors.js';
import { showDialog, submitDialog } from './login.js';
import { cancelOrder, changeOrder, listOrders, placeOrder, showOrder } from './orders.js';
import { profileOf, showCandles, showFundsV2, showFundsV3, showHoldings, showPositions } from './portfolio.js';
import { authenticate, exchange, logOut } from './session.js';
import { tokenMaker } from './token.js';
import { extendedTokenMethods } from './unverified.js';
/** upstox.com/developer/api-documentation/rate-limiting: per user, orders together, every other API by itself. */
const orderLimits = [
    { ms: 1000, most: 10 },
    { ms: 60_000, most: 500 },
    { ms: 1_800_000, most: 2000 },
];
const otherLimits = [
    { ms: 1000, most: 50 },
    { ms: 60_000, most: 500 },
    { ms: 1_800_000, most: 2000 },
];
/** Upstox v2 and v3: api.upstox.com and api-hft.upstox.com under one roof. */
export function simulateUpstox(world) {
    const extendedTokens = new Map();
    const make = tokenMaker(world);
    const candles = (_, params) => showCandles(params.key, params.to);
    const open = [
        { method: 'GET', path: '/v2/login/authorization/dialog', handle: (call) => showDialog(world, call) },
        { method: 'POST', path: '/v2/login/authorization/dialog', handle: (call) => submitDialog(world, call) },
        {
            method: 'POST',
            path: '/v2/login/authorization/token',
            handle: (call) => exchange(world, make, extendedTokens, call),
        },
        { method: 'GET', path: '/v2/historical-candle/:key/:interval/:to', handle: candles },
        { method: 'GET', path: '/v2/historical-candle/:key/:interval/:to/:from', handle: candles },
        { method: 'GET', path: '/v3/historical-candle/:key/:unit/:interval/:to', handle: candles },
        { method: 'GET', path: '/v3/historical-candle/:key/:unit/:interval/:to/:from', handle: candles },
    ];
    const ordersOf = (version) => [
        {
            method: 'POST',
            path: `/${version}/order/place`,
            handle: (call, caller) => placeOrder(world, caller, call, version),
        },
        {
            method: 'PUT',
            path: `/${version}/order/modify`,
            handle: (call, caller) => changeOrder(world, caller, call, version),
        },
        {
            method: 'DELETE',
            path: `/${version}/order/cancel`,
            handle: (call, caller) => cancelOrder(world, caller, call, version),
        },
    ];
    const guarded = [
        { method: 'GET', path: '/v2/user/profile', handle: (_, { user }) => upstoxSuccess(profileOf(user)) },
        {
            method: 'GET',
            path: '/v2/user/get-funds-and-margin',
            handle: (call) => showFundsV2(textOf(call.query, 'segment')),
        },
        { method: 'GET', path: '/v3/user/get-funds-and-margin', handle: () => showFundsV3() },
        { method: 'GET', path: '/v2/portfolio/long-term-holdings', handle: () => showHoldings() },
        { method: 'GET', path: '/v2/portfolio/short-term-positions', handle: () => showPositions() },
        { method: 'GET', path: '/v2/order/retrieve-all', handle: (_, caller) => listOrders(world, caller) },
        { method: 'GET', path: '/v2/order/details', handle: (call, caller) => showOrder(world, caller, call) },
        { method: 'DELETE', path: '/v2/logout', handle: (_, caller) => logOut(world, caller) },
        ...ordersOf('v2'),
        ...ordersOf('v3'),
    ];
    const isOrder = (method, path) => method !== 'GET' && /^\/v[23]\/order\//.test(path);
    return {
        world,
        hostRoles: ['api', 'orders'],
        exchangePath: '/v2/login/authorization/token',
        isOrder,
        refuse: upstoxRefusal,
        answer(call) {
            const unguarded = findRoute(open, call.method, call.path);
            if (unguarded.kind === 'found')
                return unguarded.route.handle(call, unguarded.params);
            const found = findRoute(guarded, call.method, call.path);
            if (found.kind !== 'found') {
                const knowsPath = unguarded.kind === 'no_method' || found.kind === 'no_method';
                return knowsPath
                    ? upstoxError(405, 'UDAPI10000', 'This request is not supported by Upstox API')
                    : upstoxError(404, 'UDAPI100060', 'Resource not Found.');
            }
            const caller = authenticate(world, extendedTokens, call);
            if (!caller)
                return deadToken();
            const isAllowed = isOrder(call.method, call.path)
                ? world.allows(`${caller.user.userId} orders`, orderLimits)
                : world.allows(`${caller.user.userId} ${call.path}`, otherLimits);
            if (!isAllowed)
                return upstoxRefusal('rate_limited');
            if (caller.isExtended && !extendedTokenMethods.includes(call.method))
                return notForExtended();
            return found.route.handle(call, caller);
        },
    };
}
