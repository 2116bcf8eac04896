var __rewriteRelativeImportExtension = (this && this.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
import { BhorError } from '../../core/errors.js';
import { masterKeyBytes, masterKeyOf, masterKeyText, parseMasterKey } from '../master-key.js';
const name = 'OS keychain';
const service = 'bhor';
const packageName = '@napi-rs/keyring';
/** The package is optional and brings native code, so it is loaded only here and only when asked for. */
async function bringPackage() {
    return (await import(__rewriteRelativeImportExtension(packageName)));
}
/** A key in the operating system's keychain. */
export function keychainSource({ account, random, bring = bringPackage }) {
    async function entry() {
        let keychain;
        try {
            keychain = await bring();
        }
        catch (error) {
            throw new BhorError('key_unusable', `The OS keychain needs the package ${packageName}, which is not installed.`, {
                cause: error,
                hint: `npm install ${packageName}, or keep the key in a file.`,
            });
        }
        return new keychain.Entry(service, account);
    }
    function asked(call) {
        try {
            return call();
        }
        catch (error) {
            throw new BhorError('key_unusable', 'The OS keychain refused. It may be locked.', { cause: error });
        }
    }
    return {
        name,
        async load() {
            const keychain = await entry();
            const text = asked(() => keychain.getPassword());
            return text === null ? undefined : parseMasterKey(Buffer.from(text, 'utf8'), name);
        },
        async create() {
            const keychain = await entry();
            const bytes = random.bytes(masterKeyBytes);
            const key = masterKeyOf(bytes, name);
            asked(() => keychain.setPassword(masterKeyText(bytes)));
            return key;
        },
    };
}
