import type { Answer } from './answer.ts';
import { type Call } from './call.ts';
import type { LoginUnderway } from './logins.ts';
import { type PageStyle } from './pages.ts';
import type { World } from './world.ts';
/** Where a submitted login form leads. */
export type LoginMove = {
    readonly kind: 'page';
    readonly answer: Answer;
} | {
    readonly kind: 'complete';
    readonly login: LoginUnderway;
    readonly userId: string;
} | {
    readonly kind: 'cancelled';
    readonly login: LoginUnderway;
};
/** Opens a login for the app and shows the first page. `carried` is what the redirect will need. */
export declare function openLogin(world: World, style: PageStyle, apiKey: string, carried: Record<string, string>): Answer;
/** Takes one submitted form: cancel, one tap as a known user, user id and password, or TOTP (and PIN). */
export declare function continueLogin(world: World, style: PageStyle, call: Call): LoginMove;
