/** What `POST /session/token` gives. */
export declare const tokens: {
    readonly access: {
        readonly canOrder: true;
        readonly pattern: RegExp;
    };
    /** "For public session validation where requests may be exposed to the public." */
    readonly public: {
        readonly canOrder: false;
        readonly pattern: RegExp;
    };
    /**
     * Kite web's own cookie. It is in the reply but not in the documentation, can do whatever Kite web can, and
     * using it is against Zerodha's terms (kite.trade/forum comment 38501): never handed out.
     */
    readonly enctoken: {
        readonly canOrder: false;
        readonly pattern: RegExp;
        readonly internal: true;
    };
    readonly refresh: {
        readonly canOrder: false;
        readonly pattern: RegExp;
        readonly internal: true;
    };
};
/** The names under which Kite sends them. */
export declare function sentTokens(data: Readonly<Record<string, unknown>>): Record<keyof typeof tokens, unknown>;
