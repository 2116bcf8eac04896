import { type Principal, type SessionContext } from './context.ts';
/**
 * Logs out at the broker and ends the session here. It ends here first: from the moment the user asks, no program
 * gets it, whether the broker can be reached or not. Asked again, it asks the broker again: a logout that was not
 * confirmed can be repeated.
 *
 * @throws BhorError `session_…` without a session to log out; `generation_conflict` when a new login came in between;
 *   `broker_…` when the broker did not confirm
 */
export declare function logout(context: SessionContext, principal: Principal, alias: string): Promise<void>;
