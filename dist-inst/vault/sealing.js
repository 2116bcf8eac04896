import { createHmac, timingSafeEqual } from 'node:crypto';
import { Secret } from '../core/secret.js';
import { broken, joined, keyIdOf, openEnvelope, sealEnvelope } from './envelope.js';
import { fastHmac } from './fast-hmac.js';
function boundOf(place, keyId) {
    return joined('bhor-field', place.table, place.row, place.field, String(place.generation), keyId);
}
/** Same text for the same fields in any order; JSON keeps `1`, `"1"` and `null` apart. */
function macText({ table, row, fields }) {
    const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, value] of sorted) {
        if (typeof value === 'number' && !Number.isFinite(value))
            throw new RangeError('A number to authenticate is not finite.');
    }
    return JSON.stringify(['bhor-row', table, row, sorted]);
}
function hmac(key, text, encoding) {
    return createHmac('sha256', key).update(text, 'utf8').digest(encoding);
}
/** Compares without telling by its time where the difference is. */
function isSame(expected, given) {
    const [a, b] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')];
    return a.length === b.length && timingSafeEqual(a, b);
}
/** The vault over an opened keyring. */
export function vaultOver(ring, random) {
    const data = ring.data.current;
    const auditKey = ring.audit.current.key.export();
    const auditMac = fastHmac(auditKey);
    auditKey.fill(0);
    return {
        keyId: data.id,
        seal(plain, place) {
            const bound = boundOf(place, data.id);
            return sealEnvelope(Buffer.from(plain, 'utf8'), { key: data.key, keyId: data.id, bound, random });
        },
        open(sealed, place) {
            const keyId = keyIdOf(sealed);
            const key = ring.data.byId.get(keyId);
            if (!key)
                throw broken();
            return new Secret(openEnvelope(sealed, { key, bound: boundOf(place, keyId) }).toString('utf8'));
        },
        mac: (row) => hmac(ring.mac.current.key, macText(row), 'base64url'),
        isMacValid: (row, mac) => isSame(hmac(ring.mac.current.key, macText(row), 'base64url'), mac),
        fingerprint: (purpose, value) => hmac(ring.lookup.current.key, JSON.stringify([purpose, value]), 'hex'),
        auditMac,
        signState: (payload) => hmac(ring.state.current.key, payload, 'base64url'),
        isStateSigned: (payload, signature) => isSame(hmac(ring.state.current.key, payload, 'base64url'), signature),
    };
}
