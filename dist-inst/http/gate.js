const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const bodiless = new Set(['GET', 'HEAD', 'DELETE']);
const onceOnly = new Set([
    'host',
    'authorization',
    'content-length',
    'content-type',
    'transfer-encoding',
    'origin',
    'cookie',
    'sec-fetch-site',
    'sec-fetch-mode',
    'x-bhor-session',
]);
const longestTarget = 8192;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const plainTarget = /^\/(?!\/)[^\u0000-\u0020\u007f\\#]*$/;
/** `.` and `..` are resolved by everything behind the gate, so they would be looked at as one path and served as another. */
const dotSegment = /\/\.{1,2}(?:\/|$)/;
const hiddenPath = /%(?:2e|2f|5c|25|0[0-9a-f]|1[0-9a-f]|7f)/i;
/**
 * Looks at a request before any route does, and at every event by which Node can deliver one. Node itself accepts
 * two Host headers (and takes the first), absolute targets, TRACE, and a body on GET.
 *
 * @param own the exact `host:port` values that are ours
 */
export function verdictOn(knock, door, own) {
    const headers = readHeaders(knock.rawHeaders);
    if (!headers)
        return { refusal: twiceGiven };
    const path = pathOf(knock.target);
    const refusal = refusalOf(knock, headers, path, door, own);
    if (refusal)
        return { refusal };
    const search = knock.target.slice(path.length + 1);
    return { admitted: { door, method: knock.method, path, search, headers } };
}
const twiceGiven = {
    code: 'bad_framing',
    detail: 'A header that may stand once stands twice.',
    closes: true,
};
function refusalOf(knock, headers, path, door, own) {
    if (!methods.has(knock.method))
        return { code: 'method_not_allowed', detail: 'This method is not served.', closes: true };
    if (!isPlain(knock.target, path)) {
        return { code: 'bad_target', detail: 'The request target is not a plain path.', closes: true };
    }
    const hasBody = (headers.get('content-length') ?? '0') !== '0' || headers.has('transfer-encoding');
    if (hasBody && bodiless.has(knock.method))
        return { code: 'bad_framing', detail: `${knock.method} takes no body here.`, closes: true };
    if (headers.has('content-length') && headers.has('transfer-encoding')) {
        return { code: 'bad_framing', detail: 'Two framings in one request.', closes: true };
    }
    const coding = headers.get('transfer-encoding');
    if (coding !== undefined && coding.toLowerCase() !== 'chunked')
        return { code: 'bad_framing', detail: 'Only chunked is served as a transfer encoding.', closes: true };
    if (headers.has('expect'))
        return { code: 'bad_framing', detail: 'Expect is not served.', closes: true };
    return door === 'desk' ? refusalOfBrowser(knock, headers, path, own) : undefined;
}
function refusalOfBrowser(knock, headers, path, own) {
    const host = headers.get('host');
    if (host === undefined || !own.includes(host)) {
        return {
            code: 'host_not_allowed',
            detail: 'The Host header is not the address of this desk.',
            hint: `Use http://${own[0]}`,
            closes: true,
        };
    }
    const origin = headers.get('origin');
    const isOwnOrigin = origin === `http://${host}`;
    if (origin !== undefined && !isOwnOrigin)
        return { code: 'cross_site_blocked', detail: 'Another web page made this request.' };
    const site = headers.get('sec-fetch-site');
    if (site === undefined || site === 'same-origin')
        return undefined;
    // A person who follows a link or types the address: pages and the broker's redirect, never the API.
    const isNavigation = knock.method === 'GET' &&
        headers.get('sec-fetch-mode') === 'navigate' &&
        headers.get('sec-fetch-dest') === 'document';
    if (isNavigation && !path.startsWith('/v1/'))
        return undefined;
    if (site === 'none' && knock.method === 'GET')
        return undefined;
    return { code: 'cross_site_blocked', detail: 'Another web page made this request.' };
}
function pathOf(target) {
    const queryAt = target.indexOf('?');
    return queryAt < 0 ? target : target.slice(0, queryAt);
}
function isPlain(target, path) {
    if (target.length > longestTarget)
        return false;
    return plainTarget.test(target) && !hiddenPath.test(path) && !dotSegment.test(path);
}
/** Undefined when a header that may stand once stands twice. */
function readHeaders(raw) {
    const headers = new Map();
    for (let i = 0; i + 1 < raw.length; i += 2) {
        const name = raw[i].toLowerCase();
        if (!headers.has(name))
            headers.set(name, raw[i + 1]);
        else if (onceOnly.has(name))
            return undefined;
    }
    return headers;
}
