import { createHmac, hash } from 'node:crypto';
const blockBytes = 64;
/** Longer texts go the ordinary way; a record of the audit chain is some 300 bytes. */
const longestFast = 16_384;
/**
 * HMAC-SHA-256 under one key as two one-shot hashes over padded blocks (RFC 2104). `createHmac` makes and
 * tears down a context for every call.
 */
export function fastHmac(key) {
    const block = Buffer.alloc(blockBytes);
    if (key.length > blockBytes)
        block.set(hash('sha256', key, 'buffer'));
    else
        block.set(key);
    const inner = Buffer.alloc(blockBytes + longestFast);
    const outer = Buffer.alloc(blockBytes + 32);
    for (let at = 0; at < blockBytes; at++) {
        inner[at] = block[at] ^ 0x36;
        outer[at] = block[at] ^ 0x5c;
    }
    block.fill(0);
    const whole = Buffer.from(key);
    return (text) => {
        // A UTF-16 unit takes at most three bytes of UTF-8.
        if (text.length * 3 > longestFast)
            return createHmac('sha256', whole).update(text, 'utf8').digest('base64url');
        const length = inner.write(text, blockBytes, 'utf8');
        outer.write(hash('sha256', inner.subarray(0, blockBytes + length), 'latin1'), blockBytes, 'latin1');
        return hash('sha256', outer, 'base64url');
    };
}
