import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import { BhorError } from '../../core/errors.js';
import { tryParseJson } from '../../core/json.js';
import { masterKeyBytes, masterKeyOf } from '../master-key.js';
const name = 'passphrase';
const metaName = 'vault.passphrase';
const shortest = 12;
const saltBytes = 16;
/** RFC 9106, second recommendation (64 MiB, three passes), with one lane: some 0.4 s on a small server. */
const cost = { algorithm: 'argon2id', memoryKiB: 65_536, passes: 3, parallelism: 1 };
/** A key made of a passphrase by argon2id; salt and cost stand in the store. */
export function passphraseSource({ store, random, ask }) {
    return {
        name,
        async load() {
            const text = await store.meta(metaName);
            if (text === undefined)
                return undefined;
            return derive(await ask(false), readDerivation(text));
        },
        async create() {
            const passphrase = await ask(true);
            if ([...passphrase.reveal()].length < shortest) {
                throw new BhorError('key_unusable', `The passphrase is too short: at least ${shortest} characters.`, {
                    hint: 'Take five or six random words.',
                });
            }
            const derivation = {
                ...cost,
                salt: Buffer.from(random.bytes(saltBytes)).toString('base64url'),
            };
            const key = await derive(passphrase, derivation);
            await store.transaction((tx) => tx.setMeta(metaName, JSON.stringify(derivation)));
            return key;
        },
    };
}
/** The store may have been written by others: a cost that is too low or would eat the machine is refused. */
function readDerivation(text) {
    const value = tryParseJson(text);
    const isWithin = (given, least, most) => Number.isInteger(given) && given >= least && given <= most;
    const isSound = value?.algorithm === 'argon2id' &&
        isWithin(value.memoryKiB, cost.memoryKiB, 1_048_576) &&
        isWithin(value.passes, cost.passes, 20) &&
        isWithin(value.parallelism, 1, 16) &&
        typeof value.salt === 'string' &&
        Buffer.from(value.salt, 'base64url').length === saltBytes;
    if (!isSound)
        throw new BhorError('store_damaged', 'Store is damaged at table meta: how the key is made of the passphrase.');
    return value;
}
async function derive(passphrase, derivation) {
    const parameters = {
        // The same passphrase typed on another keyboard may come in other code points.
        message: Buffer.from(passphrase.reveal().normalize('NFC'), 'utf8'),
        nonce: Buffer.from(derivation.salt, 'base64url'),
        memory: derivation.memoryKiB,
        passes: derivation.passes,
        parallelism: derivation.parallelism,
        tagLength: masterKeyBytes,
    };
    return masterKeyOf(await promisify(argon2)(derivation.algorithm, parameters), name);
}
