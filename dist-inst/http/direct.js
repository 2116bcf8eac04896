import { parse as parseCookies } from 'hono/utils/cookie';
import { answerOf, cookieName, failureOf } from './answer.js';
import { linesOf, securityHeaders } from './problem.js';
import { routes } from './routes.js';
/**
 * Reads are answered on Node's own request and response: what stands between programs and their tokens shall not
 * pay for making a `Request` and a `Response`, and a desk that only hands out never loads Node's fetch (15 MB).
 * Rights, query, actions and errors are those of every other request; see `answerOf`.
 *
 * @returns a function that says who answers a request; what it does not know is for the API as a whole
 */
export function directAnswers(parts) {
    const checks = new Map([
        ['/healthz', async () => { }],
        ['/readyz', readiness(parts)],
    ]);
    const readAt = pathFinder(routes.filter(({ method, body }) => method === 'GET' && !body));
    return (admitted) => {
        const { method, path } = admitted;
        const check = checks.get(path);
        if (check && (method === 'GET' || method === 'HEAD')) {
            return (_request, response) => send(response, parts, check().then(() => fine));
        }
        const read = method === 'GET' ? readAt(path) : undefined;
        if (!read)
            return undefined;
        const { route, params } = read;
        return (_request, response) => send(response, parts, answerOf(new DirectRequest(response, admitted, params), route, parts));
    };
}
/** Proving that the store can be written writes to it, and anybody may ask: one answer serves for a while. */
const readinessHoldsMs = 5_000;
function readiness({ app }) {
    let provenAtMs = Number.NEGATIVE_INFINITY;
    return async () => {
        const nowMs = app.clock.monotonicMs();
        if (nowMs - provenAtMs < readinessHoldsMs)
            return;
        await app.store.check();
        provenAtMs = nowMs;
    };
}
const noParams = Object.freeze({});
/** Plain names only: a path that needs decoding is for the API as a whole. */
function pathFinder(candidates) {
    const patterns = candidates.map((route) => ({
        route,
        pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]+)')}$`),
    }));
    return (path) => {
        for (const { route, pattern } of patterns) {
            const match = pattern.exec(path);
            if (match)
                return { route, params: match.groups ?? noParams };
        }
        return undefined;
    };
}
const fine = {
    status: 200,
    headers: linesOf({ ...securityHeaders, 'content-type': 'application/json' }),
    text: '{"status":"ok"}',
};
class DirectRequest {
    door;
    path;
    search;
    params;
    #response;
    #headers;
    constructor(response, { door, path, search, headers }, params) {
        this.#response = response;
        this.#headers = headers;
        this.door = door;
        this.path = path;
        this.search = search;
        this.params = params;
    }
    get cookie() {
        const cookie = this.#headers.get('cookie');
        return cookie === undefined ? undefined : parseCookies(cookie, cookieName)[cookieName];
    }
    get signal() {
        const gone = new AbortController();
        this.#response.once('close', () => gone.abort());
        return gone.signal;
    }
    header(name) {
        return this.#headers.get(name);
    }
    async readBody() {
        return {};
    }
}
function send(response, parts, answer) {
    void answer.then((reply) => write(response, reply), (cause) => write(response, failureOf(cause, parts)));
}
function write(response, { status, headers, text }) {
    if (text === null) {
        response.writeHead(status, [...headers]).end();
        return;
    }
    const length = Buffer.byteLength(text);
    response.writeHead(status, [...headers, 'content-length', String(length)]);
    // As many bytes as letters: then all of it is ASCII, which Node copies where it would encode.
    response.end(text, length === text.length ? 'latin1' : 'utf8');
}
