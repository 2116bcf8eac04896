/** A live session at a simulated broker. */
export interface SimulatedSession {
    readonly apiKey: string;
    readonly userId: string;
    readonly accessToken: string;
    readonly issuedAt: Temporal.Instant;
    readonly expiresAt: Temporal.Instant;
}
/** The sessions of one broker: one per app, as both brokers have it; a new one kills the one before. */
export declare class Sessions {
    #private;
    constructor(now: () => Temporal.Instant);
    open(session: SimulatedSession): void;
    /** The session of this token, while it lives. */
    find(accessToken: string): SimulatedSession | undefined;
    live(): SimulatedSession[];
    /** Ends the app's session; false when there was none. */
    kill(apiKey: string): boolean;
}
