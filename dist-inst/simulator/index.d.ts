import { type Clock } from '../core/clock.ts';
import { type Random } from '../core/random.ts';
import type { Simulator } from './simulator.ts';
export type { SimulatedApp } from './apps.ts';
export { type Fault, type FaultKind, faultKinds } from './faults.ts';
export type { CallFilter, RecordedCall } from './history.ts';
export type { Person } from './person.ts';
export type { AdoptedSession, Simulator } from './simulator.ts';
export { totpCode } from './totp.ts';
export { demoUsers, type SimulatedUser } from './users.ts';
export interface SimulatorOptions {
    /** 7890 when left out; 0 for any free one. */
    readonly port?: number | undefined;
    /** `127.0.0.1` (default) or `::1`; nothing else is ever bound. */
    readonly host?: string | undefined;
    /** What `slow` and `drip` wait on, and what the brokers' movable clock starts from. */
    readonly clock?: Clock | undefined;
    /** Where tokens come from. */
    readonly random?: Random | undefined;
    /** Decides which calls faults with a probability strike. The same seed and the same calls give the same faults. */
    readonly seed?: string | undefined;
    /** False for measurements: the brokers' rate limits are off. */
    readonly rateLimits?: boolean | undefined;
    /** Gets the warning that this is no broker, once. */
    readonly banner?: ((text: string) => void) | undefined;
}
export declare const simulatorPort = 7890;
/**
 * Starts Kite and Upstox on loopback as the real ones behave: login pages, one-time codes, one session per app,
 * death at dawn, their error shapes and limits, and faults on demand. Everything is in memory, nothing is real.
 *
 * @throws BhorError `config_invalid` for an address that is not loopback, `port_in_use`
 *
 * @example
 * ```ts
 * await using simulator = await startSimulator({ port: 0 })
 * simulator.registerApp({ broker: 'kite', apiKey: 'key', apiSecret: 'secret', redirectUrl: 'http://127.0.0.1:7878/callback/kite' })
 * simulator.faults.add({ broker: 'kite', match: { path: '/session/token' }, kind: 'answer_lost' })
 * ```
 */
export declare function startSimulator(options?: SimulatorOptions): Promise<Simulator>;
