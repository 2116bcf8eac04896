import { createCipheriv, createDecipheriv } from 'node:crypto';
import { BhorError } from '../core/errors.js';
const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;
/** Parts joined so that no other parts give the same bytes: each with its length before it. */
export function joined(...parts) {
    return Buffer.concat(parts.flatMap((part) => {
        const bytes = Buffer.from(part, 'utf8');
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        return [length, bytes];
    }));
}
/** `v1.<key id>.<base64url of nonce, ciphertext and tag>`: AES-256-GCM with a random 96-bit nonce. */
export function sealEnvelope(plain, { key, keyId, bound, random }) {
    const nonce = random.bytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(bound);
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${keyId}.${sealed.toString('base64url')}`;
}
/** The id of the key that sealed this text. @throws BhorError `seal_broken` */
export function keyIdOf(sealed) {
    const [first, keyId, body, ...rest] = sealed.split('.');
    if (first !== version || !keyId || !body || rest.length > 0)
        throw broken();
    return keyId;
}
/** @throws BhorError `seal_broken` when text, place or key are not those of the sealing */
export function openEnvelope(sealed, { key, bound }) {
    keyIdOf(sealed);
    const encoded = sealed.slice(sealed.lastIndexOf('.') + 1);
    const bytes = Buffer.from(encoded, 'base64url');
    // The decoder skips foreign characters and spare bits; a changed text must not open.
    if (bytes.toString('base64url') !== encoded || bytes.length < nonceBytes + tagBytes)
        throw broken();
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
    });
    decipher.setAAD(bound);
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    }
    catch {
        throw broken();
    }
}
export function broken() {
    return new BhorError('seal_broken', 'A sealed value was changed, moved, or sealed by a key that is not in the ring.');
}
