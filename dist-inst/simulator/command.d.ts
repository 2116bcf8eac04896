import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
export interface SimulatorCommand {
    readonly port?: number | undefined;
    readonly seed?: string | undefined;
    /** Gets one line or block at a time. */
    readonly print: (text: string) => void;
    /** Aborting it closes the simulator. */
    readonly signal?: AbortSignal | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: Random | undefined;
}
/**
 * What `bhor simulator` does: starts the brokers, says who can log in and how to steer them, and resolves when
 * the simulator has closed.
 *
 * @throws BhorError `port_in_use`
 */
export declare function runSimulator({ print, signal, ...options }: SimulatorCommand): Promise<void>;
