/** Opaque; the alphabet of RFC 6750's tokens, which leaves nothing that could break out of a header. */
const pattern = /^[A-Za-z0-9._~+/-]{1,8192}={0,4}$/;
/** What `POST /session/token` gives. */
export const tokens = {
    access: { canOrder: true, pattern },
    /** "For public session validation where requests may be exposed to the public." */
    public: { canOrder: false, pattern },
    /**
     * Kite web's own cookie. It is in the reply but not in the documentation, can do whatever Kite web can, and
     * using it is against Zerodha's terms (kite.trade/forum comment 38501): never handed out.
     */
    enctoken: { canOrder: false, pattern, internal: true },
    refresh: { canOrder: false, pattern, internal: true },
};
/** The names under which Kite sends them. */
export function sentTokens(data) {
    return {
        access: data.access_token,
        public: data.public_token,
        enctoken: data.enctoken,
        refresh: data.refresh_token,
    };
}
