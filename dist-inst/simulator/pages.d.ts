import { type Answer } from './answer.ts';
import type { LoginUnderway } from './logins.ts';
import type { SimulatedUser } from './users.ts';
/** What tells one broker's login pages from another's. */
export interface PageStyle {
    readonly brokerName: string;
    /** The form's target, relative to the page. */
    readonly action: string;
    readonly accent: string;
}
export declare const escapeHtml: (text: string) => string;
/** A whole page under the warning that none of this is real. */
export declare function page(title: string, body: string, accent?: string, status?: number): Answer;
/** The first step: user id and password, or one tap for each known user. */
export declare function passwordPage(style: PageStyle, login: LoginUnderway, users: readonly SimulatedUser[], error?: string): Answer;
/** The second step: the code of the authenticator app, and the PIN where the user has one. */
export declare function totpPage(style: PageStyle, login: LoginUnderway, user: SimulatedUser, now: Temporal.Instant, error?: string): Answer;
