import { BhorError } from '../core/errors.js';
import { printable } from '../core/redact.js';
/** No broker's token is longer; more is somebody's page, not a token. */
export const longestToken = 8192;
const longestRetryAfterDigits = 5;
/** A JSON object, or nothing: neither an array nor `null` nor a plain value. */
export function objectOf(json) {
    return typeof json === 'object' && json !== null && !Array.isArray(json)
        ? json
        : undefined;
}
/** A text that says something: not empty, not another type. */
export function textOf(value) {
    return typeof value === 'string' && value !== '' ? value : undefined;
}
/** A value that the caller's own rules promise. @throws BhorError `internal` */
export function required(values, name) {
    const value = values[name];
    if (value)
        return value;
    throw new BhorError('internal', `The value ${name} is missing where a request to the broker needs it.`);
}
/**
 * The tokens of a reply by kind. Brokers send `""` for kinds that they do not give; those are left out.
 *
 * @throws BhorError `bad_token_shape` without the token, which may still be a live one in wrong clothes
 */
export function tokensOf(brokerName, specs, sent) {
    const tokens = {};
    for (const [kind, spec] of Object.entries(specs)) {
        const value = sent[kind];
        if (value === undefined || value === null || value === '')
            continue;
        if (typeof value !== 'string' || value.length > longestToken || !spec.pattern.test(value)) {
            const what = typeof value === 'string' ? `${value.length} characters` : `a JSON ${typeof value}`;
            throw new BhorError('bad_token_shape', `${brokerName} sent a token of kind ${kind} in a shape that no token has (${what}).`);
        }
        tokens[kind] = value;
    }
    if (!tokens.access)
        throw new BhorError('bad_token_shape', `${brokerName} sent no access token.`);
    return tokens;
}
/** The broker's id of a person. @throws BhorError `bad_token_shape`: without it nobody knows whose session this is */
export function userIdOf(brokerName, value) {
    if (typeof value === 'string' && /^[\x21-\x7e]{1,40}$/.test(value))
        return value;
    throw new BhorError('bad_token_shape', `${brokerName} did not say whose session this is.`);
}
/**
 * A profile as Kite and Upstox both spell it. What is missing or of another type is left out; texts are made
 * printable, because a name can hold anything.
 */
export function profileOf(brokerName, data) {
    const texts = {
        userName: 'user_name',
        userShortname: 'user_shortname',
        email: 'email',
        userType: 'user_type',
        broker: 'broker',
    };
    const lists = { exchanges: 'exchanges', products: 'products', orderTypes: 'order_types' };
    const profile = {};
    for (const [field, name] of Object.entries(texts)) {
        const text = printable(textOf(data[name]) ?? '', 120);
        if (text)
            profile[field] = text;
    }
    for (const [field, name] of Object.entries(lists)) {
        const list = data[name];
        if (Array.isArray(list))
            profile[field] = list.flatMap((item) => (textOf(item) ? [printable(item, 40)] : []));
    }
    return { ...profile, userId: userIdOf(brokerName, data.user_id) };
}
/** `Retry-After` in seconds; its other form, a date, would need a clock. */
export function retryAfterMs(reply) {
    const text = reply.headers['retry-after']?.trim() ?? '';
    return /^\d+$/.test(text) && text.length <= longestRetryAfterDigits ? Number(text) * 1000 : undefined;
}
/** Adds `extra` to a request's headers, and keeps everything else as it is. */
export function withHeaders(request, extra) {
    return { ...request, headers: { ...request.headers, ...extra } };
}
