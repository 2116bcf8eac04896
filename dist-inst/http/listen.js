import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { systemClock } from '../core/clock.js';
import { BhorError } from '../core/errors.js';
const net = process.getBuiltinModule('node:net');
/** How long requests may take to finish when a door closes. */
const finishWithinMs = 4_000;
/** @throws BhorError `port_in_use`, `config_invalid` where the address is not this computer's */
export function listenOnPort(server, port, host) {
    return listening(server, { port, host }).catch((error) => {
        throw portFault(error, port, host);
    });
}
/** What a failed bind means. */
export function portFault(error, port, host) {
    const { code } = error;
    if (code === 'EADDRINUSE')
        return new BhorError('port_in_use', `Port ${port} is in use by another program.`, { cause: error });
    if (code === 'EACCES') {
        return new BhorError('port_in_use', `Port ${port} is reserved by the system for root.`, {
            hint: 'Choose a port above 1023.',
            cause: error,
        });
    }
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        const hint = 'Set BHOR_HOST to the loopback address that this computer has, 127.0.0.1 or ::1.';
        return new BhorError('config_invalid', `This computer has no address ${host}.`, { hint, cause: error });
    }
    return error;
}
/**
 * Opens a Unix socket that only this user can use, from its first moment on. A socket that a dead server left behind
 * is replaced; that of a living one, or a file of any other kind, is not.
 *
 * @throws BhorError `port_in_use`, `store_foreign`, `config_invalid` for a path that is too long for a socket
 */
export async function listenOnSocket(server, path) {
    const longest = process.platform === 'darwin' ? 103 : 107;
    if (process.platform !== 'win32' && Buffer.byteLength(path) > longest) {
        throw new BhorError('config_invalid', `The path of the data folder is too long for a socket (${path.length}).`, {
            hint: `Set BHOR_HOME to a shorter path: with /bhor.sock at most ${longest} bytes.`,
        });
    }
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry && !entry.isSocket()) {
        throw new BhorError('store_foreign', 'Where bhor’s socket belongs, there is something else: bhor.sock.', {
            hint: `Look what it is, and move it away: ${path}`,
        });
    }
    if (entry) {
        if (await isAnswered(path))
            throw new BhorError('port_in_use', 'Another bhor answers on the socket of this data folder.', {
                hint: 'Stop it first, or give this one another BHOR_HOME.',
            });
        rmSync(path, { force: true });
    }
    const mask = process.umask(0o177);
    try {
        const opening = listening(server, { path });
        process.umask(mask);
        await opening;
    }
    finally {
        process.umask(mask);
    }
    chmodSync(path, 0o600);
}
function isAnswered(path) {
    return new Promise((resolve) => {
        const socket = net.connect({ path });
        socket.on('connect', () => {
            socket.destroy();
            resolve(true);
        });
        socket.on('error', () => resolve(false));
    });
}
function listening(server, where) {
    return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(where, () => {
            server.removeListener('error', reject);
            resolve();
        });
    });
}
/** No new requests; those under way may finish. */
export function closeServer(server) {
    return new Promise((resolve) => {
        const limit = systemClock.after(finishWithinMs, () => server.closeAllConnections());
        server.close(() => {
            limit[Symbol.dispose]();
            resolve();
        });
        server.closeIdleConnections();
    });
}
