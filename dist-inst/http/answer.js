import { BhorError, toBhorError } from '../core/errors.js';
import { newId } from '../core/ids.js';
import { printable } from '../core/redact.js';
import { Secret } from '../core/secret.js';
import { identify, readQuery, requireRight } from './access.js';
import { linesOf, problemReply, securityHeaders } from './problem.js';
export const cookieName = 'bhor_desk';
const bareHeaders = linesOf(securityHeaders);
const jsonHeaders = linesOf({ ...securityHeaders, 'content-type': 'application/json' });
/** What a route answers: rights first, then query and body, then the action. @throws BhorError */
export async function answerOf(request, route, parts) {
    // Awaited only where there is something to wait for: each turn costs as much as a look-up.
    const asked = readQuery(request, route, parts);
    const query = asked instanceof Promise ? await asked : asked;
    const identified = identify(request, route, parts);
    const principal = identified instanceof Promise ? await identified : identified;
    requireRight(principal, route);
    const body = route.body ? await checkedBody(request, route.body) : undefined;
    const call = new AnsweredCall(request, parts, principal, query, body);
    const result = await route.run(call);
    const { headers } = call;
    if (result instanceof Secret)
        return { status: 200, headers, text: result.reveal() };
    if (route.contentType)
        return { status: 200, headers: [...bareHeaders, 'content-type', route.contentType], text: String(result) };
    if (!route.answer)
        return { status: 204, headers: bareHeaders, text: null };
    return { status: route.status ?? 200, headers, text: JSON.stringify(result) };
}
/**
 * A class, because V8 keeps a getter that is written into an object literal, and with it the request that it closes
 * over, until a whole collection: under load each small collection copied what it could not free.
 */
class AnsweredCall {
    app;
    sessions;
    principal;
    query;
    body;
    headers = jsonHeaders;
    #request;
    constructor(request, { app, sessions }, principal, query, body) {
        this.#request = request;
        this.app = app;
        this.sessions = sessions;
        this.principal = principal;
        this.query = query;
        this.body = body;
    }
    get door() {
        return this.#request.door;
    }
    get params() {
        return this.#request.params;
    }
    get signal() {
        return this.#request.signal;
    }
    get cookie() {
        return this.#request.cookie ?? '';
    }
    setCookie(value, maxAgeMs) {
        const maxAge = Math.floor(maxAgeMs / 1000);
        const cookie = `${cookieName}=${value.reveal()}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAge}`;
        this.headers = [...jsonHeaders, 'set-cookie', cookie];
    }
}
/** What is answered where something was thrown. */
export function failureOf(cause, { app, log }) {
    const error = toBhorError(cause);
    const requestId = newId('req', app.random);
    if (error.code === 'internal')
        log?.('error', 'A request failed inside bhor.', { requestId, err: cause });
    return problemReply(error, requestId);
}
async function checkedBody(request, name) {
    const body = await request.readBody();
    const { bodies } = await import('./schemas.js');
    const checked = bodies[name].safeParse(body);
    if (checked.success)
        return checked.data;
    const issue = checked.error.issues[0];
    if (issue.code === 'unrecognized_keys') {
        const field = printable(issue.keys[0] ?? '', 40);
        throw new BhorError('unknown_field', `The field "${field}" is not known here.`, { facts: { field } });
    }
    const field = issue.path.join('.');
    throw new BhorError('bad_field', `The field ${field || 'body'} is missing or wrong: ${issue.message}.`, {
        facts: { field },
    });
}
