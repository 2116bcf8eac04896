import type { ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';
import type { SimulatedBroker } from './world.ts';
/** What {@link deliver} works with. */
export interface Delivery {
    readonly response: ServerResponse;
    readonly clock: Clock;
    readonly fault: Fault | undefined;
    readonly broker: SimulatedBroker;
    /** Lets the broker act. */
    readonly act: () => Answer;
}
/** Lets the broker act and sends its answer, with what the fault makes of it. Returns the status sent, if any. */
export declare function deliver(delivery: Delivery): Promise<number | undefined>;
/** Sends a whole answer. */
export declare function send(response: ServerResponse, answer: Answer): number;
