import type { BrokerReply, Profile, TokenSpec, Values } from '../contracts/broker.ts';
/** No broker's token is longer; more is somebody's page, not a token. */
export declare const longestToken = 8192;
/** A JSON object, or nothing: neither an array nor `null` nor a plain value. */
export declare function objectOf(json: unknown): Readonly<Record<string, unknown>> | undefined;
/** A text that says something: not empty, not another type. */
export declare function textOf(value: unknown): string | undefined;
/** A value that the caller's own rules promise. @throws BhorError `internal` */
export declare function required(values: Values, name: string): string;
/**
 * The tokens of a reply by kind. Brokers send `""` for kinds that they do not give; those are left out.
 *
 * @throws BhorError `bad_token_shape` without the token, which may still be a live one in wrong clothes
 */
export declare function tokensOf(brokerName: string, specs: Readonly<Record<string, TokenSpec>>, sent: Readonly<Record<string, unknown>>): Values;
/** The broker's id of a person. @throws BhorError `bad_token_shape`: without it nobody knows whose session this is */
export declare function userIdOf(brokerName: string, value: unknown): string;
/**
 * A profile as Kite and Upstox both spell it. What is missing or of another type is left out; texts are made
 * printable, because a name can hold anything.
 */
export declare function profileOf(brokerName: string, data: Readonly<Record<string, unknown>>): Profile;
/** `Retry-After` in seconds; its other form, a date, would need a clock. */
export declare function retryAfterMs(reply: BrokerReply): number | undefined;
/** Adds `extra` to a request's headers, and keeps everything else as it is. */
export declare function withHeaders<Request extends {
    readonly headers?: Values;
}>(request: Request, extra: Values): Request;
