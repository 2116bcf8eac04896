import type { Actor } from '../contracts/audit.ts';
import type { SessionRecord } from '../contracts/store.ts';
import type { ErrorCode } from '../core/errors.ts';
import { type SessionContext } from './context.ts';
declare const actionOf: {
    readonly expired: 'session.expire';
    readonly revoked: 'session.revoke';
    readonly logged_out: 'session.logout';
};
/**
 * Ends the current session of an account, unless a newer one has taken its place meanwhile: what was learnt about
 * generation 4 says nothing about generation 5.
 *
 * @returns whether this call ended it
 */
export declare function endSession(context: SessionContext, actor: Actor, session: SessionRecord, reason: keyof typeof actionOf, code?: ErrorCode): Promise<boolean>;
export {};
