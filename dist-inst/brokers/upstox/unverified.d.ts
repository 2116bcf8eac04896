/**
 * What Upstox documents nowhere. Each is an assumption made in this one place; correct it here.
 */
/** Lifetime of a `code`; a user's note says one to two minutes. It only tells people how fast to be. */
export declare const codeTtlMs = 60000;
/** Where the redirect says that the person cancelled: as in RFC 6749, 4.1.2.1. */
export declare const refusalParams: {
    readonly error: 'error';
    readonly description: 'error_description';
};
/** "1 year" for the extended token; the exact instant is in its `exp`, which is read too. */
export declare const extendedTokenMs: number;
/** The words of a refused address, should the code be another than the two known ones. */
export declare const ipRefusal: RegExp;
