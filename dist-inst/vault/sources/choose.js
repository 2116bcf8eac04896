import { BhorError } from '../../core/errors.js';
/**
 * The one source that was given. Two are refused rather than ranked: whoever sets a second one expects it to
 * be used.
 *
 * @throws BhorError `key_ambiguous` naming them, `key_unusable` when there is none
 */
export function chooseKeySource(given) {
    const [first, ...others] = given;
    if (!first)
        throw new BhorError('key_unusable', 'No source of the master key is given.');
    if (others.length === 0)
        return first;
    const names = given.map((source) => source.name);
    throw new BhorError('key_ambiguous', `The master key is given ${countWord(given.length)} (${names.join(' and ')}). Keep one.`);
}
function countWord(count) {
    return count === 2 ? 'twice' : `${count} times`;
}
/**
 * The master key from its source. Nothing is remembered: after a failure the next call looks again.
 *
 * @param mayCreate whether a key may be made when there is none; only true for a store without a vault (`hasVault`)
 * @throws BhorError `key_unusable` when there is no key and none may or can be made, and whatever the source throws
 */
export async function obtainMasterKey(source, mayCreate) {
    const existing = await source.load();
    if (existing)
        return { masterKey: existing, created: false };
    if (!mayCreate) {
        throw new BhorError('key_unusable', `The ${source.name} holds no master key, and this store was made with one.`, {
            hint: 'Bring back the master key that this store was made with. Nothing was changed.',
        });
    }
    if (!source.create)
        throw new BhorError('key_unusable', `The ${source.name} holds no master key.`);
    return { masterKey: await source.create(), created: true };
}
