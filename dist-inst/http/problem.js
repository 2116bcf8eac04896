import { errorTable } from '../core/errors.js';
import { redact } from '../core/redact.js';
/** An error as problem+json. The cause stays inside. */
export function problemOf(error, requestId) {
    return {
        type: `urn:bhor:error:${error.code}`,
        title: titleOf(error.code),
        status: error.httpStatus,
        code: error.code,
        detail: redact(error.message),
        hint: redact(error.hint),
        requestId,
        ...(Object.keys(error.facts).length > 0 ? { facts: { ...error.facts } } : {}),
    };
}
/** The complete answer. */
export function problemReply(error, requestId) {
    const headers = { ...securityHeaders, 'content-type': 'application/problem+json' };
    if (error.retryAfterMs !== undefined)
        headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
    else if (error.retryable)
        headers['retry-after'] = '5';
    return {
        status: error.httpStatus,
        headers: linesOf(headers),
        text: JSON.stringify(problemOf(error, requestId)),
    };
}
/** On every answer of every route. */
export const securityHeaders = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
};
export function linesOf(headers) {
    return Object.entries(headers).flat();
}
function titleOf(code) {
    return code in errorTable ? code.replaceAll('_', ' ') : 'internal';
}
