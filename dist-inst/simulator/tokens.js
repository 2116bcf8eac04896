const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Opaque tokens as brokers make them: letters and digits. */
export function opaqueToken(random, length) {
    let out = '';
    while (out.length < length) {
        // 248 is the largest multiple of 62 below 256: what is above would favour the first letters
        for (const byte of random.bytes(length))
            if (byte < 248 && out.length < length)
                out += alphabet[byte % 62];
    }
    return out;
}
/** A UUID of version 4, from the injected randomness. */
export function uuid(random) {
    const bytes = random.bytes(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
