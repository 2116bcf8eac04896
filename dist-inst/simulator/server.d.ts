import type { Clock } from '../core/clock.ts';
import type { Answer } from './answer.ts';
import type { ControlCall } from './control.ts';
import type { Faults } from './faults.ts';
import type { History } from './history.ts';
import type { SimulatedBroker } from './world.ts';
export interface ServerOptions {
    readonly host: string;
    readonly port: number;
    readonly clock: Clock;
    readonly now: () => Temporal.Instant;
    readonly brokers: ReadonlyMap<string, SimulatedBroker>;
    readonly faults: Faults;
    readonly history: History;
    readonly control: (call: ControlCall) => Answer;
}
/** The one socket of the simulator: `/kite/*`, `/upstox/*`, `/control/*` and a page that says what this is. */
export declare function startServer(options: ServerOptions): Promise<{
    port: number;
    close(): Promise<void>;
}>;
