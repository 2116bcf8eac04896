import type { Broker } from '../contracts/broker.ts';
/** The id of every broker that bhor has an adapter for, in alphabetical order. */
export declare const brokerIds: readonly string[];
/**
 * The adapter of that id; an adapter that nobody uses is never loaded.
 *
 * @throws BhorError `broker_not_found` with the known ids
 */
export declare function loadBroker(id: string): Promise<Broker>;
