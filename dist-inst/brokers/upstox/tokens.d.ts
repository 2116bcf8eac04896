/** What the exchange gives. */
export declare const tokens: {
    readonly access: {
        readonly canOrder: true;
        readonly pattern: RegExp;
    };
    /**
     * Read-only, lives a year and survives logout. Given to all apps since 11 March 2026
     * (upstox.com/developer/api-documentation/announcements/extended-tokens-all-apps).
     */
    readonly extended: {
        readonly canOrder: false;
        readonly pattern: RegExp;
        readonly expiry: {
            readonly kind: 'earliest';
            readonly of: readonly [{
                readonly kind: 'jwt_exp';
                readonly token: 'extended';
            }, {
                readonly kind: 'after';
                readonly ms: number;
            }];
        };
    };
};
