import type { SimulatedBroker } from './world.ts';
/** Who walks through the login pages, and how. */
export interface Person {
    /** The demo user when left out. */
    readonly userId?: string | undefined;
    /** Presses "Cancel" instead. */
    readonly cancels?: boolean | undefined;
}
/**
 * Walks the login pages as a person with one tap would, without a browser and without a socket: no call is
 * recorded and no fault strikes.
 *
 * @returns the address of the app where the browser ends, with the one-time code
 * @throws BhorError `login_refused` when the broker sends the person nowhere
 */
export declare function logInAs(broker: SimulatedBroker, prefix: string, loginUrl: string, person: Person): string;
