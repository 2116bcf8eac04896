import { clientEnvironment, socketPath } from '../config/home.js';
import { BhorError } from '../core/errors.js';
import { exchange, isNobodyThere, readReply } from './wire.js';
/** The desk to talk to: the one that BHOR_URL names, else this user's own server, whether it runs or not. */
export function serverClient() {
    const { home, url, key } = clientEnvironment();
    return url === undefined ? overSocket(socketPath(home)) : overUrl(url, key);
}
/** The same, but only if it answers. */
export async function runningServer() {
    const client = serverClient();
    if (client.where === 'url')
        return client;
    try {
        await client.request('GET', '/healthz');
        return client;
    }
    catch (error) {
        if (isNobodyThere(error))
            return undefined;
        throw error;
    }
}
function overSocket(path) {
    return {
        where: 'socket',
        async request(method, target, body) {
            try {
                return readReply(await exchange({ path }, method, target, { body }));
            }
            catch (error) {
                if (!isClosedToUs(error))
                    throw error;
                throw new BhorError('server_unreachable', `The bhor server at unix:${path} is another user’s.`, {
                    hint: 'Run this as that user, or set BHOR_HOME.',
                });
            }
        },
        async [Symbol.asyncDispose]() { },
    };
}
function isClosedToUs(error) {
    return ['EACCES', 'EPERM'].includes(error.code ?? '');
}
function overUrl(address, key) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol))
        throw new BhorError('config_invalid', 'BHOR_URL is not an http address.');
    if (url.protocol === 'http:' && !['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) {
        throw new BhorError('config_invalid', 'BHOR_URL would send the client key over the network unprotected.', {
            hint: 'Use https, or http to 127.0.0.1.',
        });
    }
    if (key === undefined)
        throw new BhorError('key_missing', 'BHOR_URL is set, but BHOR_KEY is not.');
    if (!/^bhor_[A-Za-z0-9_-]{43}$/.test(key))
        throw new BhorError('key_malformed', `BHOR_KEY is not a client key (${key.length} characters).`);
    return {
        where: 'url',
        async request(method, target, body) {
            try {
                if (url.protocol === 'https:')
                    return await overTls(url, key, method, target, body);
                const host = url.hostname.replace(/^\[|\]$/g, '');
                return readReply(await exchange({ host, port: Number(url.port || 80) }, method, target, { body, key }));
            }
            catch (error) {
                if (isNobodyThere(error))
                    throw new BhorError('server_unreachable', `No bhor server answers at ${url.origin}.`);
                throw error;
            }
        },
        async [Symbol.asyncDispose]() { },
    };
}
async function overTls(url, key, method, target, body) {
    const { systemNet } = await import('../net/system.js');
    const { status, text } = await systemNet.send({
        method: method,
        url: url.origin + target,
        headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs: 30_000,
    });
    return readReply({ status, text });
}
