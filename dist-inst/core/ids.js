const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** A short unguessable name such as `acc_3f8k…`: 80 random bits in Crockford's base32, behind a prefix. */
export function newId(prefix, random) {
    let out = '';
    for (const byte of random.bytes(16))
        out += alphabet[byte & 31];
    return `${prefix}_${out}`;
}
/** 256 random bits in base64url (43 characters), for keys, states and links. */
export function newToken(random) {
    return Buffer.from(random.bytes(32)).toString('base64url');
}
