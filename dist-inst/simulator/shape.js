import { BhorError } from '../core/errors.js';
const tests = {
    text: (value) => typeof value === 'string',
    number: (value) => typeof value === 'number',
    boolean: (value) => typeof value === 'boolean',
    texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    // JSON has no Infinity
    times: (value) => typeof value === 'number' || value === 'always',
};
/**
 * Checks a JSON body of the control endpoint against its shape.
 *
 * @throws BhorError `bad_field`, `unknown_field`
 */
export function shaped(body, shape) {
    if (!tests.object(body))
        throw new BhorError('bad_field', 'Send a JSON object.');
    const given = body;
    for (const name of Object.keys(given)) {
        if (!Object.hasOwn(shape, name)) {
            throw new BhorError('unknown_field', `Unknown field; known: ${Object.keys(shape).join(', ')}.`);
        }
    }
    const out = {};
    for (const [name, wanted] of Object.entries(shape)) {
        const kind = wanted.replace('?', '');
        const value = given[name];
        if (value === undefined && wanted.endsWith('?'))
            continue;
        if (value === undefined || !tests[kind](value))
            throw new BhorError('bad_field', `The field ${name} is missing or not ${kind}.`);
        out[name] = value === 'always' && kind === 'times' ? Number.POSITIVE_INFINITY : value;
    }
    return out;
}
