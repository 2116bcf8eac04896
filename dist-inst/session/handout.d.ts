import { Secret } from '../core/secret.ts';
import { type Principal, type SessionContext } from './context.ts';
export interface HandOutWish {
    /** A token kind of the broker; `access` when left out. */
    readonly kind?: string;
    /** The session must last at least this long from now. */
    readonly minLifeMs?: number;
}
/**
 * The one way a token leaves. The record is durable before the token is given, and in the commit that makes it so
 * the store confirms that the session is still the account's current one and the key still valid; only then the
 * text, kept from the last time, is let go.
 */
export declare class HandOuts {
    #private;
    constructor(context: SessionContext);
    /**
     * The session of an account as the JSON text of a {@link HandOut}.
     *
     * @throws BhorError `session_…`, `session_short`, `token_kind_unavailable`, `account_not_found`, `key_invalid`,
     *   `audit_unavailable`
     */
    handOut(principal: Principal, alias: string, wish?: HandOutWish): Promise<Secret>;
}
