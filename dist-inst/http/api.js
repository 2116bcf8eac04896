import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { BhorError } from '../core/errors.js';
import { newId } from '../core/ids.js';
import { answerOf, cookieName, failureOf } from './answer.js';
import { problemReply, securityHeaders } from './problem.js';
import { readBody } from './read-body.js';
import { routes } from './routes.js';
/** The `/v1` API as a function from request to response, for every door alike. */
export function buildApi(parts) {
    const api = new Hono();
    for (const route of routes) {
        api.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
            // Hono runs a GET route for HEAD: a hand-out would be recorded of which nothing leaves.
            if (c.req.raw.method !== route.method)
                return responseOf(wrongMethod(c.req.path, parts));
            return responseOf(await answerOf(requestOf(c), route, parts));
        });
    }
    api.get('/openapi.json', async () => {
        const { openApiDocument } = await import('./openapi.js');
        return Response.json(openApiDocument(), { headers: securityHeaders });
    });
    api.notFound((c) => {
        if (methodsAt(c.req.path).length > 0)
            return responseOf(wrongMethod(c.req.path, parts));
        const error = new BhorError('not_found', 'There is nothing at this address.');
        return responseOf(problemReply(error, newId('req', parts.app.random)));
    });
    api.onError((cause) => responseOf(failureOf(cause, parts)));
    return api;
}
function requestOf(c) {
    return {
        door: c.env.door,
        path: c.req.path,
        params: c.req.param(),
        search: new URL(c.req.url).search.slice(1),
        cookie: getCookie(c, cookieName),
        header: (name) => c.req.header(name),
        get signal() {
            return c.req.raw.signal;
        },
        readBody: () => readBody(c.req.raw),
    };
}
function responseOf({ status, headers, text }) {
    const pairs = [];
    for (let at = 0; at + 1 < headers.length; at += 2)
        pairs.push([headers[at], headers[at + 1]]);
    return new Response(text, { status, headers: pairs });
}
function wrongMethod(path, { app }) {
    const error = new BhorError('method_not_allowed', 'This address does not take this method.');
    const { status, headers, text } = problemReply(error, newId('req', app.random));
    return { status, text, headers: [...headers, 'allow', methodsAt(path).join(', ')] };
}
/** Open to everybody, without a row in the route table. */
const openPaths = ['/healthz', '/readyz', '/openapi.json'];
function methodsAt(path) {
    if (openPaths.includes(path))
        return ['GET'];
    return [...new Set(routes.filter((route) => isPathOf(route, path)).map((route) => route.method))];
}
function isPathOf(route, path) {
    const pattern = route.path.split('/');
    const parts = path.split('/');
    return (pattern.length === parts.length &&
        pattern.every((segment, i) => (segment.startsWith('{') ? parts[i] !== '' : segment === parts[i])));
}
