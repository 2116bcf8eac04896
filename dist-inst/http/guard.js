import { BhorError } from '../core/errors.js';
import { newId } from '../core/ids.js';
import { verdictOn } from './gate.js';
import { problemOf, securityHeaders } from './problem.js';
const { createServer } = process.getBuiltinModule('node:http');
/** A server whose every event passes the gate: Node delivers upgrades, CONNECT and Expect past the request handler. */
export function guardedServer({ door, own, random, handlerOf }) {
    const connections = new Map();
    const onRequest = (request, response) => {
        const connection = connections.get(request.socket);
        // Node goes on to read what was sent behind the refused request, although the answer ends the connection.
        if (!connection || connection.hasEnded)
            return;
        const { latest } = connection;
        if (latest && isSame(latest, request))
            return latest.handle(request, response);
        const knock = knockOf(request);
        const { refusal, admitted } = verdictOn(knock, door, own());
        if (refusal) {
            connection.hasEnded = refusal.closes === true;
            refuse(response, refusal, random);
            return;
        }
        const handle = handlerOf(admitted);
        connection.latest = { ...knock, handle };
        handle(request, response);
    };
    const server = createServer({
        maxHeaderSize: 16 * 1024,
        requireHostHeader: door === 'desk',
        keepAliveTimeout: 30_000,
    }, onRequest);
    server.headersTimeout = 10_000;
    server.requestTimeout = 20_000;
    server.maxHeadersCount = 64;
    server.maxConnections = 1024;
    server.on('connection', (socket) => {
        connections.set(socket, { hasEnded: false, latest: undefined });
        socket.once('close', () => connections.delete(socket));
    });
    server.on('checkContinue', onRequest);
    server.on('checkExpectation', onRequest);
    const drop = (request, socket) => {
        const refusal = verdictOn(knockOf(request), door, own()).refusal ?? notServed;
        // Whoever hangs up while being refused is no error of ours.
        socket.on('error', () => socket.destroy());
        socket.end(rawAnswer(refusal, random));
    };
    server.on('upgrade', drop);
    server.on('connect', drop);
    server.on('clientError', (_error, socket) => {
        if (connections.get(socket)?.hasEnded)
            return;
        if (socket.writable)
            socket.end(rawAnswer(notHttp, random));
        else
            socket.destroy();
    });
    return server;
}
function knockOf({ method = '', url = '', rawHeaders }) {
    return { method, target: url, rawHeaders };
}
function isSame({ method, target, rawHeaders }, request) {
    const others = request.rawHeaders;
    if (request.method !== method || request.url !== target || others.length !== rawHeaders.length)
        return false;
    for (let at = 0; at < others.length; at++)
        if (others[at] !== rawHeaders[at])
            return false;
    return true;
}
const notServed = { code: 'method_not_allowed', detail: 'Nothing here speaks another protocol.' };
const notHttp = { code: 'bad_framing', detail: 'This is not a request as HTTP/1.1 has them.' };
function refuse(response, refusal, random) {
    const { status, headers, body } = answerTo(refusal, random);
    const length = { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length, ...(refusal.closes ? { connection: 'close' } : {}) });
    response.end(body);
}
/** Where Node gives only the bare connection. */
function rawAnswer(refusal, random) {
    const { status, headers, body } = answerTo(refusal, random);
    const lines = Object.entries({
        ...headers,
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`);
    return [`HTTP/1.1 ${status} Refused`, ...lines, '', body].join('\r\n');
}
function answerTo({ code, detail, hint }, random) {
    const error = new BhorError(code, detail, hint === undefined ? {} : { hint });
    return {
        status: error.httpStatus,
        headers: {
            ...securityHeaders,
            'content-type': 'application/problem+json',
            ...(code === 'method_not_allowed' ? { allow: 'GET, POST, PATCH, DELETE' } : {}),
        },
        body: JSON.stringify(problemOf(error, newId('req', random))),
    };
}
