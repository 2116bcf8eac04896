import type { Random } from '../core/random.ts';
/** A person on the way through the login pages. */
export interface LoginUnderway {
    readonly id: string;
    readonly apiKey: string;
    /** What the login page was called with and the redirect needs. */
    readonly carried: Readonly<Record<string, string>>;
    /** Set once the password was right. */
    userId?: string;
    /** All steps are done. */
    isComplete: boolean;
}
export declare class Logins {
    #private;
    constructor(now: () => Temporal.Instant, random: Random);
    start(apiKey: string, carried: Readonly<Record<string, string>>): LoginUnderway;
    get(id: string): LoginUnderway | undefined;
    end(login: LoginUnderway): void;
}
