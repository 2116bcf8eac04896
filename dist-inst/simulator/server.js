import { BhorError } from '../core/errors.js';
import { jsonAnswer } from './answer.js';
import { readFields } from './call.js';
import { deliver, send } from './delivery.js';
import { page } from './pages.js';
/** `import 'node:http'` costs 45 ms and 15 MB, because it pulls in the bundled undici (nodejs/node#59686). */
const { createServer } = process.getBuiltinModule('node:http');
const mostBodyBytes = 1024 * 1024;
/** The one socket of the simulator: `/kite/*`, `/upstox/*`, `/control/*` and a page that says what this is. */
export async function startServer(options) {
    const server = createServer((request, response) => {
        serve(options, request, response).catch(() => response.destroy());
    });
    await listen(server, options);
    const address = server.address();
    return {
        port: typeof address === 'object' && address ? address.port : options.port,
        close() {
            return new Promise((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            });
        },
    };
}
function listen(server, { host, port }) {
    return new Promise((resolve, reject) => {
        server.once('error', (cause) => {
            const isTaken = cause.code === 'EADDRINUSE';
            reject(isTaken
                ? new BhorError('port_in_use', `Port ${port} is taken, the simulator cannot start.`, { cause })
                : new BhorError('config_invalid', 'The simulator cannot listen on this address.', { cause }));
        });
        server.listen({ host, port, ipv6Only: true }, resolve);
    });
}
async function serve(options, request, response) {
    const url = URL.parse(request.url ?? '/', 'http://simulator');
    const body = await readBody(request);
    if (!url || body === undefined) {
        send(response, jsonAnswer(url ? 413 : 400, { message: 'The simulator cannot read this request.' }));
        return;
    }
    const method = request.method ?? 'GET';
    const headers = readHeaders(request);
    const [, id = '', ...rest] = url.pathname.split('/');
    if (id === 'control') {
        send(response, options.control({ method, path: url.pathname, query: url.searchParams, headers, body }));
        return;
    }
    const broker = options.brokers.get(id);
    if (!broker) {
        send(response, url.pathname === '/' ? welcome() : jsonAnswer(404, { message: 'The simulator has no such broker.' }));
        return;
    }
    const path = `/${rest.join('/')}`;
    const asked = { method, path, headers, body, fields: readFields(headers['content-type'] ?? '', body) };
    const { history, faults } = options;
    const recorded = history.record({
        ...asked,
        at: options.now(),
        broker: id,
        query: Object.fromEntries(url.searchParams),
    });
    const fault = faults.strike({
        broker: id,
        method,
        path,
        isOrder: broker.isOrder(method, path),
        isExchange: path === broker.exchangePath,
    });
    if (fault) {
        recorded.fault = fault.kind;
        if (fault.id !== undefined)
            recorded.faultId = fault.id;
    }
    const call = { ...asked, query: url.searchParams, grantsWrongUser: fault?.kind === 'wrong_user' };
    const { clock } = options;
    const status = await deliver({ response, clock, fault, broker, act: () => broker.answer(call) });
    if (status !== undefined)
        recorded.status = status;
}
/** Undefined when the body is longer than any broker's caller would send. */
async function readBody(request) {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
        size += chunk.length;
        if (size <= mostBodyBytes)
            chunks.push(chunk);
    }
    return size > mostBodyBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
function readHeaders(request) {
    const entries = Object.entries(request.headers);
    return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
function welcome() {
    return page('bhor simulator', `<h1>Simulated brokers</h1>
<p>Kite answers under <code>/kite</code>, Upstox under <code>/upstox</code>. They know fake people only, forget
everything when they stop, and misbehave on request.</p>
<p><a href="/control/state">What they know now</a></p>`);
}
