import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Random } from '../core/random.ts';
import { type Admitted, type Door } from './gate.ts';
export interface GuardOptions {
    readonly door: Door;
    /** The exact `host:port` values that are ours; known once the server listens. */
    readonly own: () => readonly string[];
    readonly random: Random;
    /** Who answers a request that passed. Asked again only where a connection's next request is not the same. */
    readonly handlerOf: (admitted: Admitted) => Handler;
}
/** Answers one request, or several that are the same to the last letter of their heads. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** A server whose every event passes the gate: Node delivers upgrades, CONNECT and Expect past the request handler. */
export declare function guardedServer({ door, own, random, handlerOf }: GuardOptions): Server;
