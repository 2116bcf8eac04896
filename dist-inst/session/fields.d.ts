import type { FieldSpec } from '../contracts/broker.ts';
/** @throws BhorError `bad_alias` */
export declare function checkAlias(alias: string): string;
/** @throws BhorError `bad_field`, or `bad_secret` for a secret; the value is never quoted */
export declare function checkField(name: string, spec: FieldSpec, value: string): string;
/** A free text for people. @throws BhorError `bad_field` */
export declare function checkText(name: string, value: string, limit: number): string;
/**
 * The redirect URL as it is registered at the broker. Brokers compare it letter by letter, and the one-time code
 * comes over it: https, or plain http to this computer only.
 *
 * @throws BhorError `bad_field`
 */
export declare function checkRedirectUrl(name: string, value: string): string;
