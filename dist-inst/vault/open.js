import { auditHeadText } from '../contracts/audit.js';
import { BhorError } from '../core/errors.js';
import { damaged, newKeyring, openKeyring } from './keyring.js';
import { vaultOver } from './sealing.js';
const idName = 'vault.master_key_id';
const checkName = 'vault.check';
/** Whether this store has a vault: then a missing master key must not be replaced by a new one. */
export async function hasVault(store) {
    const [id, check, keyring] = [await store.meta(idName), await store.meta(checkName), await store.keyring()];
    return id !== undefined || check !== undefined || keyring.length > 0;
}
/**
 * Opens the vault of a store; makes it, with its keys and the beginning of the audit chain, in one transaction
 * when the store has none.
 *
 * @throws BhorError `key_wrong` when the store was made with another master key; nothing is touched
 * @throws BhorError `store_damaged` when keyring and check value do not belong together
 */
export async function openVault(options) {
    const opened = await openExisting(options.store, options);
    if (opened)
        return { vault: opened, created: false };
    return await options.store.transaction(async (tx) => {
        // Another server may have been faster.
        const existing = await openExisting(tx, options);
        return existing
            ? { vault: existing, created: false }
            : { vault: await createVault(tx, options), created: true };
    });
}
async function openExisting(store, { masterKey, random }) {
    const [id, check, keyring] = [await store.meta(idName), await store.meta(checkName), await store.keyring()];
    if (id === undefined && check === undefined && keyring.length === 0)
        return undefined;
    if (id === undefined || check === undefined)
        throw damaged('its key check value is gone');
    if (id !== masterKey.id && check !== masterKey.check)
        throw wrongKey(id, masterKey);
    if (id !== masterKey.id || check !== masterKey.check)
        throw damaged('its key check value was changed');
    if (keyring.length === 0)
        throw damaged('it is empty');
    return vaultOver(openKeyring(keyring, masterKey), random);
}
async function createVault(tx, { masterKey, random, clock }) {
    const records = newKeyring(masterKey, random, clock);
    for (const record of records)
        await tx.insertKeyring(record);
    await tx.setMeta(idName, masterKey.id);
    await tx.setMeta(checkName, masterKey.check);
    const vault = vaultOver(openKeyring(records, masterKey), random);
    // An empty chain is authenticated too, so that nobody without the key can empty a log and go on.
    await tx.appendAudit(() => ({
        links: [],
        head: { seq: 0, mac: '', headMac: vault.auditMac(auditHeadText(0, '')) },
    }));
    return vault;
}
function wrongKey(storeKeyId, masterKey) {
    const [stored, given] = [storeKeyId.slice(0, 4), masterKey.id.slice(0, 4)];
    return new BhorError('key_wrong', `This is not the key this store was made with (store key id ${stored}…, given ${given}…).`, { facts: { storeKeyId, givenKeyId: masterKey.id, source: masterKey.source } });
}
