import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { Secret } from '../core/secret.ts';
export declare const linkTtlMs: number;
/**
 * Who is signed in to the dashboard. A sign-in link works once; what it gives has two halves, a cookie and a value
 * that only the page holds, because another program's page on another port of this computer gets the cookie too.
 * Kept in memory: a restart signs everybody out.
 */
export declare class DeskSessions {
    #private;
    constructor(clock: Clock, random: Random);
    /** A new one-time token for a sign-in link. */
    newLink(): {
        token: Secret;
        expiresAtMs: number;
    };
    /** @throws BhorError `sign_in_link_invalid` */
    signIn(linkToken: string): {
        id: string;
        cookie: Secret;
        page: Secret;
        expiresAtMs: number;
    };
    /**
     * The session that both halves name. `isActivity` is false for a page that only waits for news.
     *
     * @throws BhorError `sign_in_needed`
     */
    check(cookie: string, page: string, isActivity: boolean): {
        id: string;
        expiresAtMs: number;
    };
    signOut(cookie: string): void;
}
