import { type Answer } from '../answer.ts';
import { type Call } from '../call.ts';
import type { SimulatedUser } from '../users.ts';
import type { World } from '../world.ts';
import type { IssuedToken, tokenMaker } from './token.ts';
/** The read-only tokens by app and user; they outlive sessions, logins and logouts. */
export type ExtendedTokens = Map<string, IssuedToken & {
    readonly userId: string;
}>;
export interface Caller {
    readonly user: SimulatedUser;
    readonly apiKey: string;
    readonly isExtended: boolean;
}
/**
 * `POST /v2/login/authorization/token`: a code for a session, which kills the app's session before. The code is
 * spent "regardless of whether the access token generation succeeds".
 */
export declare function exchange(world: World, make: ReturnType<typeof tokenMaker>, extendedTokens: ExtendedTokens, call: Call): Answer;
/** `DELETE /v2/logout` */
export declare function logOut(world: World, caller: Caller): Answer;
/** Whose bearer token this is: of a live session, or an extended one. */
export declare function authenticate(world: World, extendedTokens: ExtendedTokens, call: Call): Caller | undefined;
