import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BhorError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { hasVault } from '../vault/open.js';
import { chooseKeySource, obtainMasterKey } from '../vault/sources/choose.js';
import { credentialName, credentialSource } from '../vault/sources/credential.js';
import { environmentSource } from '../vault/sources/environment.js';
import { fileSource } from '../vault/sources/file.js';
import { keychainSource } from '../vault/sources/keychain.js';
import { passphraseSource } from '../vault/sources/passphrase.js';
/**
 * The master key from the one source that the configuration gives; a new one where the store has no vault yet.
 *
 * @throws BhorError `key_ambiguous`, `key_unusable`, `permissions_too_wide`
 */
export async function loadMasterKey(config, store, random, ask) {
    const sources = {
        file: () => fileSource({ path: config.masterKeyFile, random }),
        credential: () => credentialSource({ directory: config.credentialsDirectory ?? '' }),
        environment: () => environmentSource({ value: config.masterKey?.reveal() ?? '', allowed: config.allowEnvKey }),
        keychain: () => keychainSource({ account: config.home, random }),
        passphrase: () => passphraseSource({ store, random, ask: (isNew) => passphrase(config, isNew, ask) }),
    };
    const names = await namesGiven(config, store);
    const source = chooseKeySource(names.map((name) => sources[name]()));
    const { masterKey, created } = await obtainMasterKey(source, !(await hasVault(store)));
    return { masterKey, newFile: created && names[0] === 'file' ? config.masterKeyFile : undefined };
}
async function namesGiven(config, store) {
    if (config.keySource !== 'auto')
        return [config.keySource];
    const hasCredential = config.credentialsDirectory !== undefined && existsSync(join(config.credentialsDirectory, credentialName));
    const given = [
        ...(config.isMasterKeyFileNamed ? ['file'] : []),
        ...(hasCredential ? ['credential'] : []),
        ...(config.masterKey === undefined ? [] : ['environment']),
        ...(config.passphraseFile === undefined ? [] : ['passphrase']),
    ];
    if (given.length > 0)
        return given;
    // Made with a passphrase once: then nothing else can open it.
    return (await store.meta('vault.passphrase')) === undefined ? ['file'] : ['passphrase'];
}
async function passphrase(config, isNew, ask) {
    if (config.passphraseFile !== undefined)
        return new Secret(readFileSync(config.passphraseFile, 'utf8').replace(/\r?\n$/, ''));
    if (ask)
        return new Secret(await ask(isNew));
    throw new BhorError('needs_terminal', 'The vault’s passphrase must be asked for, but there is no terminal.', {
        hint: 'Set BHOR_PASSPHRASE_FILE.',
    });
}
