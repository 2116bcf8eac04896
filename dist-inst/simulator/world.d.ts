import type { Random } from '../core/random.ts';
import type { Answer } from './answer.ts';
import { Apps } from './apps.ts';
import type { Call } from './call.ts';
import { OneTimeCodes } from './codes.ts';
import { type CallWindow } from './limits.ts';
import { Logins } from './logins.ts';
import { OrderBook } from './order-book.ts';
import { Sessions } from './sessions.ts';
import { type SimulatedUser, Users } from './users.ts';
/** Everything that one simulated broker knows. In memory only. */
export interface World {
    readonly now: () => Temporal.Instant;
    readonly random: Random;
    readonly apps: Apps;
    readonly users: Users;
    readonly logins: Logins;
    readonly codes: OneTimeCodes;
    readonly sessions: Sessions;
    readonly orders: OrderBook;
    /** Counts a call against the limits; always true where the simulator was started without them. */
    allows(key: string, windows: readonly CallWindow[]): boolean;
}
export interface WorldOptions {
    readonly now: () => Temporal.Instant;
    readonly random: Random;
    readonly demoUser: SimulatedUser;
    readonly codeTtlMs: number;
    readonly hasLimits: boolean;
}
export declare function createWorld({ now, random, demoUser, codeTtlMs, hasLimits }: WorldOptions): World;
/** A refusal in the broker's own words, made by a fault. */
export type Refusal = 'rate_limited' | 'ip_refused' | 'unavailable';
/** One simulated broker: what it knows and how it answers. */
export interface SimulatedBroker {
    readonly world: World;
    /** The roles of its hosts, as the adapter names them. */
    readonly hostRoles: readonly string[];
    /** Where a login's code becomes a session. */
    readonly exchangePath: string;
    /** Does this call place, change or cancel an order? */
    isOrder(method: string, path: string): boolean;
    answer(call: Call): Answer;
    refuse(refusal: Refusal, status?: number): Answer;
}
