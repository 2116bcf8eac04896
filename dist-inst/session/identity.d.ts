import type { Broker, Grant, Profile } from '../contracts/broker.ts';
import type { AccountRecord } from '../contracts/store.ts';
import { BhorError } from '../core/errors.ts';
import type { SessionContext } from './context.ts';
export interface Verified {
    readonly userId: string;
    readonly profile: Profile | undefined;
    /** `unknown` when the profile could not be read and only the grant itself names the person. */
    readonly verdict: 'valid' | 'unknown';
}
/**
 * Whose token is it? The broker is asked for the profile that belongs to it, and every user id that it names must be
 * the account's. A token of somebody else is logged out again and not stored.
 *
 * @throws BhorError `wrong_user`; `broker_rejected` when the broker refuses the token that it just gave
 */
export declare function verifyIdentity(context: SessionContext, broker: Broker, account: AccountRecord, grant: Grant): Promise<Verified>;
export declare function wrongUser(expectedUser: string): BhorError;
/** Logs out a token that was granted and will not be stored. Best effort: it is forgotten either way. */
export declare function dropGrant(context: SessionContext, broker: Broker, account: AccountRecord, grant: Grant): Promise<void>;
