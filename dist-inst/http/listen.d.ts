import type { Server } from 'node:http';
/** @throws BhorError `port_in_use`, `config_invalid` where the address is not this computer's */
export declare function listenOnPort(server: Server, port: number, host: string): Promise<void>;
/** What a failed bind means. */
export declare function portFault(error: NodeJS.ErrnoException, port: number, host: string): unknown;
/**
 * Opens a Unix socket that only this user can use, from its first moment on. A socket that a dead server left behind
 * is replaced; that of a living one, or a file of any other kind, is not.
 *
 * @throws BhorError `port_in_use`, `store_foreign`, `config_invalid` for a path that is too long for a socket
 */
export declare function listenOnSocket(server: Server, path: string): Promise<void>;
/** No new requests; those under way may finish. */
export declare function closeServer(server: Server): Promise<void>;
