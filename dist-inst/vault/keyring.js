import { createSecretKey } from 'node:crypto';
import { BhorError, isBhorError } from '../core/errors.js';
import { newId } from '../core/ids.js';
import { joined, keyIdOf, openEnvelope, sealEnvelope } from './envelope.js';
const keyBytes = 32;
const purposes = ['data', 'mac', 'audit', 'lookup', 'state'];
function boundOf(id, purpose, master) {
    return joined('bhor-keyring', id, purpose, master.id);
}
/** One new key for every purpose, sealed by the master key. */
export function newKeyring(master, random, clock) {
    return purposes.map((purpose) => {
        const id = newId('dk', random);
        const wrapped = sealEnvelope(random.bytes(keyBytes), {
            key: master.wrapping,
            keyId: master.id,
            bound: boundOf(id, purpose, master),
            random,
        });
        return { id, purpose, wrapped, createdAtMs: clock.nowMs(), retiredAtMs: null };
    });
}
/**
 * Opens every key of the ring.
 *
 * @throws BhorError `store_damaged` when a key does not open or a purpose has none in use
 */
export function openKeyring(records, master) {
    const opened = records.map((record) => ({ record, key: openKey(record, master) }));
    const ring = {};
    for (const purpose of purposes) {
        const keys = opened.filter(({ record }) => record.purpose === purpose);
        const current = keys
            .filter(({ record }) => record.retiredAtMs === null)
            .reduce((newest, one) => (newest && newest.record.createdAtMs >= one.record.createdAtMs ? newest : one), undefined);
        if (!current)
            throw damaged(`no key for ${purpose} is in use`);
        ring[purpose] = {
            current: { id: current.record.id, key: current.key },
            byId: new Map(keys.map(({ record, key }) => [record.id, key])),
        };
    }
    return ring;
}
function openKey(record, master) {
    try {
        if (keyIdOf(record.wrapped) !== master.id)
            throw damaged(`key ${record.id} is sealed by another master key`);
        const bound = boundOf(record.id, record.purpose, master);
        return createSecretKey(openEnvelope(record.wrapped, { key: master.wrapping, bound }));
    }
    catch (error) {
        if (isBhorError(error, 'seal_broken'))
            throw damaged(`key ${record.id} was changed`);
        throw error;
    }
}
export function damaged(why) {
    return new BhorError('store_damaged', `Store is damaged at table keyring: ${why}.`, {
        hint: 'Restore a backup.',
    });
}
