import { BhorError } from '../core/errors.js';
import { redact } from '../core/redact.js';
/**
 * The one file that writes to the terminal. stdout is data only; talk goes to stderr, so that a pipe never sees it.
 * Colour only on a terminal and without NO_COLOR; no prompt without a terminal; every talk line is scrubbed.
 */
export const terminal = {
    /** Data, for people or pipes. The only way by which a secret that was asked for leaves. */
    data(text) {
        process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    json(value) {
        process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    /** Talk. */
    say(text) {
        process.stderr.write(`${redact(text)}\n`);
    },
    /** Talk that shows a one-time link, which redaction would take out. */
    sayLink(text) {
        process.stderr.write(`${text}\n`);
    },
    error(error) {
        process.stderr.write(`${paint('bhor:', 31)} ${redact(error.message)}\n      ${paint('Try:', 2)} ${redact(error.hint)}\n`);
    },
    /** Is there a person in front of the talk? */
    get isSeen() {
        return process.stderr.isTTY === true;
    },
    get canAsk() {
        return process.stdin.isTTY === true && process.stderr.isTTY === true;
    },
    bold: (text) => paint(text, 1),
    dim: (text) => paint(text, 2),
    green: (text) => paint(text, 32),
    yellow: (text) => paint(text, 33),
    red: (text) => paint(text, 31),
};
let hasColour = false;
/** Told once by the entry, which knows the environment. */
export function useColour(isWanted) {
    hasColour = isWanted && process.stderr.isTTY === true;
}
function paint(text, code) {
    return hasColour ? `\u001b[${code}m${text}\u001b[0m` : text;
}
/** A table with aligned columns, for `data`. */
export function table(rows) {
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    return rows
        .map((row) => row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  '))
        .join('\n');
}
const mostInputBytes = 64 * 1024;
/**
 * Everything on stdin as one secret: a newline, CRLF or byte-order mark at an end is taken off and said.
 *
 * @throws BhorError `bad_secret` when it is empty or larger than 64 KiB
 */
export async function readSecretInput(what) {
    const chunks = [];
    let size = 0;
    for await (const chunk of process.stdin) {
        size += chunk.length;
        if (size > mostInputBytes)
            throw new BhorError('bad_secret', `The ${what} on stdin is larger than 64 KiB.`);
        chunks.push(chunk);
    }
    return trimmedSecret(Buffer.concat(chunks).toString('utf8'), what);
}
/** @throws BhorError `bad_secret` when nothing is left */
export function trimmedSecret(text, what) {
    const trimmed = text.replace(/^\ufeff/, '').replace(/\r?\n$/, '');
    if (trimmed === '')
        throw new BhorError('bad_secret', `The ${what} is empty.`);
    if (trimmed !== text)
        terminal.say(`(The line end or byte-order mark around the ${what} was left off.)`);
    return trimmed;
}
