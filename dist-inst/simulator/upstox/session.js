import { jsonAnswer } from '../answer.js';
import { textOf } from '../call.js';
import { loginError, notAcceptable, upstoxError, upstoxSuccess } from './errors.js';
import { profileOf } from './portfolio.js';
/** Required fields of the exchange and what a missing one is called. */
const required = [
    ['client_id', 'UDAPI1017', 'API Key is required'],
    ['redirect_uri', 'UDAPI1018', 'Redirect URI is required'],
    ['code', 'UDAPI1022', 'Code is required'],
    ['grant_type', 'UDAPI1023', 'Grant type is required'],
    ['client_secret', 'UDAPI1024', 'API secret is required'],
];
/**
 * `POST /v2/login/authorization/token`: a code for a session, which kills the app's session before. The code is
 * spent "regardless of whether the access token generation succeeds".
 */
export function exchange(world, make, extendedTokens, call) {
    if (!acceptsJson(call.headers.accept))
        return notAcceptable();
    const issued = world.codes.take(textOf(call.fields, 'code'));
    const missing = required.find(([field]) => !textOf(call.fields, field));
    if (missing)
        return upstoxError(400, missing[1], missing[2], missing[0]);
    if (textOf(call.fields, 'grant_type') !== 'authorization_code') {
        return upstoxError(400, 'UDAPI1023', 'Grant type is required', 'grant_type', textOf(call.fields, 'grant_type'));
    }
    const app = world.apps.get(textOf(call.fields, 'client_id'));
    if (!app || app.apiSecret !== textOf(call.fields, 'client_secret'))
        return loginError('UDAPI100069');
    if (app.redirectUrl !== textOf(call.fields, 'redirect_uri'))
        return loginError('UDAPI100070');
    if (issued?.apiKey !== app.apiKey)
        return loginError('UDAPI100057');
    const user = call.grantsWrongUser ? world.users.otherThan(issued.userId) : world.users.get(issued.userId);
    const access = make('access', user.userId);
    world.sessions.open({ ...access, apiKey: app.apiKey, userId: user.userId, accessToken: access.token });
    const owner = `${app.apiKey} ${user.userId}`;
    const isRefreshed = textOf(call.fields, 'refresh_extended_token') === 'true';
    const kept = isRefreshed ? undefined : liveExtended(world, extendedTokens.get(owner));
    const extended = kept ?? { ...make('extended', user.userId), userId: user.userId };
    extendedTokens.set(owner, extended);
    // flat, without the usual envelope
    return jsonAnswer(200, { ...profileOf(user), access_token: access.token, extended_token: extended.token });
}
/** `DELETE /v2/logout` */
export function logOut(world, caller) {
    world.sessions.kill(caller.apiKey);
    return upstoxSuccess(true);
}
/** Whose bearer token this is: of a live session, or an extended one. */
export function authenticate(world, extendedTokens, call) {
    const [, token = ''] = /^Bearer (.+)$/.exec(call.headers.authorization ?? '') ?? [];
    const session = world.sessions.find(token);
    if (session)
        return { user: world.users.get(session.userId), apiKey: session.apiKey, isExtended: false };
    const [owner, extended] = [...extendedTokens].find(([, known]) => known.token === token) ?? [];
    if (!owner || !liveExtended(world, extended))
        return undefined;
    return { user: world.users.get(extended.userId), apiKey: owner.split(' ')[0], isExtended: true };
}
function liveExtended(world, token) {
    return token && Temporal.Instant.compare(world.now(), token.expiresAt) < 0 ? token : undefined;
}
/** The exchange insists on JSON: any other `Accept` is a 406. */
function acceptsJson(accept) {
    return accept === undefined || /(application\/json|application\/\*|\*\/\*)/.test(accept);
}
