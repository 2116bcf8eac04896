/** An app as registered at a broker's developer console. */
export interface SimulatedApp {
    readonly broker: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    /** Where the login ends. Upstox compares it literally, Kite takes it from here. */
    readonly redirectUrl: string;
    /** The client ids that may log in through the app; every user when left out. */
    readonly userIds?: readonly string[] | undefined;
    /** Kite gives refresh tokens to approved platforms only. */
    readonly approvedForRefresh?: boolean | undefined;
}
export declare class Apps {
    #private;
    /** Registers an app, or changes it: like at the brokers, a new secret kills no session. Throws `bad_field`. */
    register(app: SimulatedApp): void;
    get(apiKey: string): SimulatedApp | undefined;
    all(): SimulatedApp[];
}
/** May this client log in through this app? */
export declare function isEnabled(app: SimulatedApp, userId: string): boolean;
