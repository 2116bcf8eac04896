import { objectOf, textOf } from '../reading.js';
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../verdicts.js';
import { ipRefusal } from './unverified.js';
/**
 * The codes of https://upstox.com/developer/api-documentation/error-codes as [at the login, elsewhere]. The code
 * decides, not the HTTP status, which is documented only as "4XX" for most of them. Any other code is a refusal of
 * the request: not even 401 alone says that a token is dead (`UDAPI1221`).
 */
const byCode = {
    // Invalid token. Order calls have said so of tokens that live: the engine asks for the profile before it believes it.
    UDAPI100050: ['bad_grant', 'expired'],
    // Invalid code, used or expired. On orders of the sandbox the same code says that the market is closed.
    UDAPI100057: ['bad_grant', 'rejected'],
    UDAPI1022: ['bad_grant', 'rejected'],
    // "No segments for these users are active. Manual reactivation is recommended from Upstox app/web."
    UDAPI100058: ['needs_human', 'needs_human'],
    UDAPI1155: ['needs_human', 'needs_human'],
    UDAPI100016: ['app_invalid', 'app_invalid'],
    UDAPI100068: ['app_invalid', 'app_invalid'],
    UDAPI100069: ['app_invalid', 'app_invalid'],
    UDAPI100070: ['app_invalid', 'app_invalid'],
    UDAPI100073: ['app_invalid', 'app_invalid'],
    UDAPI1157: ['app_invalid', 'app_invalid'],
    UDAPI1017: ['app_invalid', 'rejected'],
    UDAPI1018: ['app_invalid', 'rejected'],
    UDAPI1024: ['app_invalid', 'rejected'],
    UDAPI100067: ['not_permitted', 'not_permitted'],
    UDAPI1154: ['ip_not_allowed', 'ip_not_allowed'],
    UDAPI1221: ['ip_not_allowed', 'ip_not_allowed'],
    UDAPI10005: ['rate_limited', 'rate_limited'],
    UDAPI100500: ['transient', 'transient'],
};
export function classify(reply, at) {
    const body = objectOf(reply.json);
    const said = saidIn(body);
    return verdictOf(kindOf(reply, at, body, said), reply, said);
}
function kindOf(reply, at, body, { code, message = '' }) {
    const decided = kindOfStatus(reply.status);
    if (decided)
        return decided;
    if (!body)
        return 'transient';
    if (isSuccessStatus(reply.status) && isSuccess(body, at))
        return 'ok';
    const kinds = code !== undefined && Object.hasOwn(byCode, code) ? byCode[code] : undefined;
    if (kinds)
        return kinds[isLogin(at) ? 0 : 1];
    if (ipRefusal.test(message.slice(0, 1000)))
        return 'ip_not_allowed';
    // A 200 that is neither a success nor an error that anybody knows is no answer.
    return isSuccessStatus(reply.status) && code === undefined ? 'transient' : 'rejected';
}
/** `partial_success` answers a basket of orders of which some were refused: the call itself went through. */
function isSuccess(body, at) {
    const status = body.status;
    if (status === 'error')
        return false;
    if (status === 'success' || status === 'partial_success')
        return true;
    return at === 'api' ? body.errors === undefined : isLogin(at) && 'access_token' in body;
}
/** The first error whose code is known, else the first one. `errorCode` is the deprecated spelling. */
function saidIn(body) {
    const errors = Array.isArray(body?.errors) ? body.errors.slice(0, 20) : [];
    const said = errors.flatMap((entry) => {
        const error = objectOf(entry);
        return error
            ? [
                {
                    code: textOf(error.error_code) ?? textOf(error.errorCode),
                    message: textOf(error.message),
                },
            ]
            : [];
    });
    return said.find(({ code }) => code !== undefined && Object.hasOwn(byCode, code)) ?? said[0] ?? {};
}
