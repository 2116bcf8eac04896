import { BhorError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
const longestBodyBytes = 64 * 1024;
const deepestBody = 20;
/**
 * The JSON object of a request, strictly read; an empty body is an empty object.
 *
 * @throws BhorError `json_only`, `too_large`, `not_utf8`, `bad_json`, `too_deep`, `duplicate_field`, `bad_field`
 */
export async function readBody(request) {
    const contentType = request.headers.get('content-type');
    const isJson = contentType !== null && /^application\/json(\s*;\s*charset=utf-8)?$/i.test(contentType);
    // Also without a body: a form of another page can send an empty one.
    if (contentType !== null && !isJson)
        throw new BhorError('json_only', 'The body must be JSON.');
    const bytes = await readBytes(request);
    if (bytes.length === 0)
        return {};
    if (!isJson)
        throw new BhorError('json_only', 'The body must be JSON.');
    const body = parseJson(decode(bytes), { maxDepth: deepestBody, strictFields: true });
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        throw new BhorError('bad_field', 'The body must be a JSON object.');
    }
    return body;
}
async function readBytes(request) {
    if (Number(request.headers.get('content-length') ?? 0) > longestBodyBytes)
        throw tooLarge();
    const chunks = [];
    let size = 0;
    for await (const chunk of request.body ?? []) {
        size += chunk.length;
        if (size > longestBodyBytes)
            throw tooLarge();
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
function decode(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        throw new BhorError('not_utf8', 'The body is not UTF-8.');
    }
}
function tooLarge() {
    return new BhorError('too_large', `The body is larger than ${longestBodyBytes / 1024} KiB.`);
}
