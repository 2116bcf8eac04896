/**
 * What no source tells about Upstox. Each is a guess that the simulator makes in this one place only; compare
 * with the real broker and correct it here.
 */
/** How long a `code` lives; a user's note says one to two minutes. */
export declare const codeTtlMs: number;
/** What the redirect carries when the person cancels: the error of RFC 6749, 4.1.2.1. */
export declare const cancelledRedirect: readonly (readonly [string, string])[];
/** HTTP statuses that are documented only as "4XX". */
export declare const statusOf: {
    readonly UDAPI100057: 401;
    readonly UDAPI100068: 401;
    readonly UDAPI100069: 401;
    readonly UDAPI100070: 401;
    readonly UDAPI100016: 401;
};
/** What a client gets who is not enabled for the app. */
export declare const notEnabledCode = "UDAPI100016";
/** Codes of refused orders where the documentation's list could not be compared. */
export declare const orderCodes: {
    readonly quantity: 'UDAPI1052';
    readonly instrument: 'UDAPI100011';
    readonly notFound: 'UDAPI100010';
    readonly closed: 'UDAPI100040';
};
/** Which calls besides orders an extended token may not make: all that change something. */
export declare const extendedTokenMethods: readonly string[];
