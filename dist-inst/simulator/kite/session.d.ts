import type { Answer } from '../answer.ts';
import { type Call } from '../call.ts';
import type { SimulatedSession } from '../sessions.ts';
import type { World } from '../world.ts';
/** The refresh tokens of approved apps, by app: one each, until the next login or an explicit end. */
export type RefreshTokens = Map<string, {
    readonly token: string;
    readonly userId: string;
}>;
/** `POST /session/token`: request_token and checksum for a session; it kills the app's session before. */
export declare function exchange(world: World, refreshTokens: RefreshTokens, call: Call): Answer;
/** `POST /session/refresh_token`, for approved apps only. */
export declare function renew(world: World, refreshTokens: RefreshTokens, call: Call): Answer;
/** `DELETE /session/token?api_key=…&access_token=…` (or `refresh_token=…`). */
export declare function endSession(world: World, refreshTokens: RefreshTokens, call: Call): Answer;
/** The live session of `Authorization: token api_key:access_token`. */
export declare function authenticate(world: World, call: Call): SimulatedSession | undefined;
