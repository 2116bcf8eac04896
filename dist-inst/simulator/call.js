import { tryParseJson } from '../core/json.js';
/** A field or parameter as text, `''` when it is missing or has no plain value. */
export function textOf(from, name) {
    const value = from instanceof URLSearchParams ? from.get(name) : Object.hasOwn(from, name) ? from[name] : '';
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
/** Reads a body by its content type: forms and JSON objects have fields, everything else has none. */
export function readFields(contentType, body) {
    if (contentType.startsWith('application/x-www-form-urlencoded')) {
        return Object.fromEntries(new URLSearchParams(body));
    }
    const parsed = contentType.startsWith('application/json') ? tryParseJson(body) : undefined;
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed) ? parsed : {};
}
