import { redirectAnswer, withParams } from '../answer.js';
import { isEnabled } from '../apps.js';
import { textOf } from '../call.js';
import { continueLogin, openLogin } from '../login-flow.js';
import { opaqueToken } from '../tokens.js';
import { loginError } from './errors.js';
import { cancelledRedirect, notEnabledCode } from './unverified.js';
const style = { brokerName: 'Upstox', action: 'dialog', accent: '#5a298b' };
/** `GET /v2/login/authorization/dialog?response_type=code&client_id=…&redirect_uri=…[&state=…]` */
export function showDialog(world, call) {
    const app = world.apps.get(textOf(call.query, 'client_id'));
    const isKnown = app?.redirectUrl === textOf(call.query, 'redirect_uri');
    if (!app || !isKnown || textOf(call.query, 'response_type') !== 'code')
        return loginError('UDAPI100068');
    const state = call.query.get('state');
    return openLogin(world, style, app.apiKey, state === null ? {} : { state });
}
/** The submitted form; a finished login goes straight to the app with a fresh `code`. */
export function submitDialog(world, call) {
    const move = continueLogin(world, style, call);
    if (move.kind === 'page')
        return move.answer;
    const { login } = move;
    world.logins.end(login);
    const app = world.apps.get(login.apiKey);
    if (!app)
        return loginError('UDAPI100068');
    const state = Object.entries(login.carried);
    if (move.kind === 'cancelled')
        return redirectAnswer(withParams(app.redirectUrl, [...cancelledRedirect, ...state]));
    if (!isEnabled(app, move.userId))
        return loginError(notEnabledCode);
    const code = opaqueToken(world.random, 6);
    world.codes.issue(code, { apiKey: app.apiKey, userId: move.userId });
    return redirectAnswer(withParams(app.redirectUrl, [['code', code], ...state]));
}
