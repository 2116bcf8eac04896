/** A person who can log in at a simulated broker. Nothing about it is secret: the login page shows all of it. */
export interface SimulatedUser {
    readonly broker: string;
    readonly userId: string;
    readonly password: string;
    /** Asked beside the TOTP when given. */
    readonly pin?: string | undefined;
    /** Base32. */
    readonly totpSeed: string;
    readonly name: string;
    readonly email: string;
}
/** One user per broker exists from the start. */
export declare const demoUsers: {
    readonly kite: {
        readonly broker: 'kite';
        readonly userId: 'DM0001';
        readonly password: 'demo-kite';
        readonly totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
        readonly name: 'Demo User';
        readonly email: 'demo.kite@example.com';
    };
    readonly upstox: {
        readonly broker: 'upstox';
        readonly userId: 'DM0002';
        readonly password: 'demo-upstox';
        readonly totpSeed: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';
        readonly name: 'Demo User';
        readonly email: 'demo.upstox@example.com';
    };
};
/** Whom the fault `wrong_user` logs in where the broker has no second user. Shown on no page. */
export declare const strangerId = "DM0099";
export declare class Users {
    #private;
    constructor(demo: SimulatedUser);
    /** Adds a user, or replaces the one with this id. Throws `bad_field`, `bad_secret`. */
    add(user: SimulatedUser): void;
    get(userId: string): SimulatedUser | undefined;
    /** Those whom the login page offers. */
    shown(): SimulatedUser[];
    /** Somebody else than `userId`: a user who was added, else the stranger. */
    otherThan(userId: string): SimulatedUser;
}
