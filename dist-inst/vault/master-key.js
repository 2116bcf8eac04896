import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { BhorError } from '../core/errors.js';
export const masterKeyBytes = 32;
const prefix = 'bhor-master-key:v1:';
/** 32 random bytes have about 30 different values; fewer than this many do not happen by chance. */
const fewestDistinct = 18;
function unusable(source, why) {
    return new BhorError('key_unusable', `The master key from ${source} ${why}.`);
}
/**
 * Makes a master key of its 32 bytes.
 *
 * @throws BhorError `key_unusable` for another length, and for bytes that no generator of keys gives
 */
export function masterKeyOf(bytes, source) {
    if (bytes.length !== masterKeyBytes) {
        throw unusable(source, `has ${bytes.length} bytes, it must have ${masterKeyBytes}`);
    }
    if (bytes.every((byte) => byte === 0))
        throw unusable(source, 'is all zeros');
    if (isPattern(bytes))
        throw unusable(source, 'is not random: low entropy');
    if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) {
        throw unusable(source, 'is typed text, not random: low entropy');
    }
    const derived = (use, length) => Buffer.from(hkdfSync('sha256', bytes, '', `bhor:v1:${use}`, length));
    return {
        id: derived('id', 8).toString('hex'),
        check: createHmac('sha256', derived('check', 32)).update('bhor').digest('hex'),
        wrapping: createSecretKey(derived('wrap', 32)),
        source,
    };
}
function isPattern(bytes) {
    if (new Set(bytes).size < fewestDistinct)
        return true;
    const steps = new Set(bytes.slice(1).map((byte, index) => byte - bytes[index]));
    return steps.size < fewestDistinct / 2;
}
/** The key as text: one line that says what it is. */
export function masterKeyText(bytes) {
    return `${prefix}${Buffer.from(bytes).toString('base64')}\n`;
}
/**
 * Reads the text that {@link masterKeyText} wrote, exactly, with or without its final newline. Anything else is
 * refused by name instead of being mended: a mended key is another key.
 *
 * @throws BhorError `key_unusable`; the message never holds the text
 */
export function parseMasterKey(content, source) {
    if (content.length === 0)
        throw unusable(source, 'is empty');
    if (content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf) {
        throw unusable(source, 'begins with a byte order mark');
    }
    const text = Buffer.from(content).toString('latin1');
    if (text.includes('\0'))
        throw unusable(source, 'holds zero bytes: it is not the text form');
    if (text.includes('\r'))
        throw unusable(source, 'has Windows line ends (CR LF)');
    const line = text.endsWith('\n') ? text.slice(0, -1) : text;
    if (line.includes('\n'))
        throw unusable(source, 'has more than one line');
    if (/^\s|\s$/.test(line))
        throw unusable(source, 'has spaces around it');
    if (/^["'].*["']$/.test(line))
        throw unusable(source, 'is in quotes');
    if (!line.startsWith('bhor-master-key:'))
        throw unusable(source, `does not begin with ${prefix}`);
    if (!line.startsWith(prefix))
        throw unusable(source, 'is of a version that this bhor does not know');
    const encoded = line.slice(prefix.length);
    if (encoded === '')
        throw unusable(source, 'ends after its prefix');
    if (/^[0-9a-f]{64}$/i.test(encoded))
        throw unusable(source, 'is in hex, it must be in base64');
    if (/[-_]/.test(encoded))
        throw unusable(source, 'is in base64url, it must be in base64');
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.toString('base64') !== encoded)
        throw unusable(source, 'is not valid base64');
    return masterKeyOf(bytes, source);
}
