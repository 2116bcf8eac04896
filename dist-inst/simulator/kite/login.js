import { jsonAnswer, redirectAnswer, withParams } from '../answer.js';
import { isEnabled } from '../apps.js';
import { textOf } from '../call.js';
import { continueLogin, openLogin } from '../login-flow.js';
import { opaqueToken } from '../tokens.js';
import { inputError, unknownApp } from './errors.js';
import { cancelledRedirect, notEnabledStatus } from './unverified.js';
const style = { brokerName: 'Kite', action: 'login', accent: '#b8431f' };
/** `GET /connect/login?v=3&api_key=…[&redirect_params=…]` */
export function showLogin(world, call) {
    const apiKey = textOf(call.query, 'api_key');
    if (!world.apps.get(apiKey))
        return unknownApp();
    return openLogin(world, style, apiKey, { redirect_params: textOf(call.query, 'redirect_params') });
}
/** The submitted form; a finished login goes on over `/connect/finish`, the page that people paste by mistake. */
export function submitLogin(world, call) {
    const move = continueLogin(world, style, call);
    if (move.kind === 'page')
        return move.answer;
    const app = world.apps.get(move.login.apiKey);
    if (!app)
        return unknownApp();
    if (move.kind === 'cancelled') {
        world.logins.end(move.login);
        return redirectAnswer(withParams(app.redirectUrl, [...cancelledRedirect, ...echoed(move.login.carried)]));
    }
    if (!isEnabled(app, move.userId)) {
        world.logins.end(move.login);
        // no redirect and no `data`: kite.trade/forum/discussion/10749
        return jsonAnswer(notEnabledStatus, {
            status: 'error',
            message: 'The user is not enabled for the app.',
            error_type: 'InputException',
        });
    }
    return redirectAnswer(`finish?${new URLSearchParams({ api_key: app.apiKey, sess_id: move.login.id })}`);
}
/** `GET /connect/finish?api_key=…&sess_id=…`: sends the browser to the app with a fresh `request_token`. */
export function finishLogin(world, call) {
    const login = world.logins.get(textOf(call.query, 'sess_id'));
    const app = world.apps.get(textOf(call.query, 'api_key'));
    if (!login?.userId || !login.isComplete || app?.apiKey !== login.apiKey)
        return inputError('Invalid session.');
    world.logins.end(login);
    const requestToken = opaqueToken(world.random, 32);
    world.codes.issue(requestToken, { apiKey: app.apiKey, userId: login.userId });
    return redirectAnswer(withParams(app.redirectUrl, [
        ['action', 'login'],
        ['type', 'login'],
        ['status', 'success'],
        ['request_token', requestToken],
        ...echoed(login.carried),
    ]));
}
const echoed = (carried) => new URLSearchParams(carried.redirect_params ?? '');
