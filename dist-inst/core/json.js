import { BhorError } from './errors.js';
import { firstFault } from './json-fault.js';
/**
 * Parses JSON from outside. Unlike `JSON.parse`, its errors never quote the text, which may hold a secret
 * (Node's do), and it can refuse duplicate fields and deep nesting.
 *
 * @throws BhorError `bad_json` with line and column, `too_deep`, `duplicate_field`
 */
export function parseJson(text, limits = {}) {
    inspectJson(text, limits.maxDepth ?? 64, limits.strictFields ?? false);
    try {
        return JSON.parse(text);
    }
    catch {
        throw badJson(text, firstFault(text));
    }
}
/** Parses JSON where a fault is an ordinary answer: `undefined` instead of an error. */
export function tryParseJson(text) {
    try {
        return parseJson(text);
    }
    catch {
        return undefined;
    }
}
function badJson(text, at) {
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    return new BhorError('bad_json', `Not valid JSON: line ${line}, column ${column}.`, {
        facts: { line, column },
    });
}
/** One pass over the tokens for what `JSON.parse` lets through. It assumes nothing about validity. */
function inspectJson(text, maxDepth, strictFields) {
    const scopes = [];
    let expectName = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (c === '{' || c === '[') {
            scopes.push(c === '{' ? new Set() : undefined);
            expectName = c === '{';
            if (scopes.length > maxDepth)
                throw new BhorError('too_deep', `JSON nests deeper than ${maxDepth} levels.`);
        }
        else if (c === '}' || c === ']') {
            scopes.pop();
            expectName = false;
        }
        else if (c === ',') {
            expectName = scopes.at(-1) !== undefined;
        }
        else if (c === '"') {
            const start = i;
            for (i++; i < text.length && text[i] !== '"'; i++)
                if (text[i] === '\\')
                    i++;
            const names = scopes.at(-1);
            if (!expectName || !names || !strictFields)
                continue;
            expectName = false;
            const name = decodeName(text.slice(start, i + 1));
            if (name === undefined)
                continue;
            if (names.has(name) || name === '__proto__') {
                throw new BhorError('duplicate_field', `The field ${JSON.stringify(name.slice(0, 40))} is given twice or not allowed.`);
            }
            names.add(name);
        }
    }
}
function decodeName(quoted) {
    try {
        return JSON.parse(quoted);
    }
    catch {
        return undefined;
    }
}
