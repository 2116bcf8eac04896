import { createHash } from 'node:crypto';
import { nextIst, toIstText } from '../../core/ist.js';
import { textOf } from '../call.js';
import { opaqueToken } from '../tokens.js';
import { badChecksum, badGrant, deadToken, inputError, kiteSuccess, unknownApp } from './errors.js';
import { profileOf } from './portfolio.js';
import { rotatesRefreshToken } from './unverified.js';
/** "It'll expire at 6 AM on the next day (regulatory requirement)": kite.trade/docs/connect/v3/user */
const dayEnds = '06:00';
/** `POST /session/token`: request_token and checksum for a session; it kills the app's session before. */
export function exchange(world, refreshTokens, call) {
    const read = readSigned(world, call, 'request_token');
    if ('refused' in read)
        return read.refused;
    const issued = world.codes.take(read.token);
    if (issued?.apiKey !== read.app.apiKey)
        return badGrant();
    const user = call.grantsWrongUser ? world.users.otherThan(issued.userId) : world.users.get(issued.userId);
    const session = open(world, read.app, user);
    const refreshToken = read.app.approvedForRefresh ? opaqueToken(world.random, 32) : '';
    refreshTokens.delete(read.app.apiKey);
    if (refreshToken)
        refreshTokens.set(read.app.apiKey, { token: refreshToken, userId: user.userId });
    return kiteSuccess({
        ...profileOf(user),
        api_key: read.app.apiKey,
        access_token: session.accessToken,
        public_token: opaqueToken(world.random, 32),
        enctoken: `${opaqueToken(world.random, 86)}==`,
        refresh_token: refreshToken,
        silo: '',
        login_time: toIstText(session.issuedAt),
    });
}
/** `POST /session/refresh_token`, for approved apps only. */
export function renew(world, refreshTokens, call) {
    const read = readSigned(world, call, 'refresh_token');
    if ('refused' in read)
        return read.refused;
    const known = refreshTokens.get(read.app.apiKey);
    if (known?.token !== read.token)
        return badGrant();
    const session = open(world, read.app, world.users.get(known.userId));
    const token = rotatesRefreshToken ? opaqueToken(world.random, 32) : known.token;
    refreshTokens.set(read.app.apiKey, { token, userId: known.userId });
    return kiteSuccess({ user_id: known.userId, access_token: session.accessToken, refresh_token: token });
}
/** `DELETE /session/token?api_key=…&access_token=…` (or `refresh_token=…`). */
export function endSession(world, refreshTokens, call) {
    const apiKey = textOf(call.query, 'api_key');
    const refreshToken = textOf(call.query, 'refresh_token');
    if (refreshToken) {
        if (refreshTokens.get(apiKey)?.token !== refreshToken)
            return deadToken();
        refreshTokens.delete(apiKey);
        return kiteSuccess(true);
    }
    if (world.sessions.find(textOf(call.query, 'access_token'))?.apiKey !== apiKey)
        return deadToken();
    world.sessions.kill(apiKey);
    return kiteSuccess(true);
}
/** The live session of `Authorization: token api_key:access_token`. */
export function authenticate(world, call) {
    const [, apiKey, accessToken] = /^token ([^:]+):(.+)$/.exec(call.headers.authorization ?? '') ?? [];
    const session = world.sessions.find(accessToken ?? '');
    return session?.apiKey === apiKey ? session : undefined;
}
function open(world, app, user) {
    const issuedAt = world.now();
    const session = {
        apiKey: app.apiKey,
        userId: user.userId,
        accessToken: opaqueToken(world.random, 32),
        issuedAt,
        expiresAt: nextIst(dayEnds, issuedAt),
    };
    world.sessions.open(session);
    return session;
}
/** `api_key`, the token, and `checksum` = hex sha256(api_key + token + api_secret). */
function readSigned(world, call, name) {
    for (const field of ['api_key', name, 'checksum']) {
        if (!textOf(call.fields, field))
            return { refused: inputError(`Missing or empty field \`${field}\``) };
    }
    const app = world.apps.get(textOf(call.fields, 'api_key'));
    if (!app)
        return { refused: unknownApp() };
    const token = textOf(call.fields, name);
    const checksum = createHash('sha256')
        .update(app.apiKey + token + app.apiSecret)
        .digest('hex');
    return checksum === textOf(call.fields, 'checksum') ? { app, token } : { refused: badChecksum() };
}
