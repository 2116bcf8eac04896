/** Turns base32 (RFC 4648, padding and blanks allowed) into bytes. Throws `bad_secret` on anything else. */
export declare function decodeBase32(text: string): Uint8Array;
/**
 * The time-based one-time password (RFC 6238, HMAC-SHA1, steps of 30 s) that an authenticator app shows for
 * this seed at this moment.
 *
 * @param seed base32
 * @param digits 6 at the brokers; the vectors of the RFC have 8
 */
export declare function totpCode(seed: string, at: Temporal.Instant, digits?: number): string;
/** True for the code of now and of the step before and after: people type slowly, phones' clocks drift. */
export declare function totpMatches(seed: string, code: string, at: Temporal.Instant): boolean;
