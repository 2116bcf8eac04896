export function jsonAnswer(status, body) {
    return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
/** `text/csv` without a charset: the official Kite client compares the header literally. */
export function csvAnswer(body) {
    return { status: 200, headers: { 'content-type': 'text/csv' }, body };
}
/** No `form-action` in the policy: browsers would apply it to the redirect that follows the form. */
export function htmlAnswer(status, body) {
    return {
        status,
        headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            'referrer-policy': 'no-referrer',
            'cache-control': 'no-store',
        },
        body,
    };
}
export function redirectAnswer(location) {
    return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' };
}
/** The address with more parameters behind those that it already has. */
export function withParams(url, params) {
    const target = new URL(url);
    for (const [name, value] of params)
        target.searchParams.append(name, value);
    return target.href;
}
