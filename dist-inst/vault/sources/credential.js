import { join } from 'node:path';
import { BhorError } from '../../core/errors.js';
import { parseMasterKey } from '../master-key.js';
import { readKeyFile } from './read-key-file.js';
/** The name under which a systemd unit passes the key: `LoadCredentialEncrypted=bhor-master-key:…`. */
export const credentialName = 'bhor-master-key';
const name = 'systemd credential';
/**
 * A key that systemd hands over (https://systemd.io/CREDENTIALS/). Owner and group bits are systemd's: it may give
 * access by an access list, which shows as group bits on a file of root's.
 *
 * @param directory the value of `$CREDENTIALS_DIRECTORY`
 */
export function credentialSource({ directory }) {
    return {
        name,
        async load() {
            const content = readKeyFile({
                path: join(directory, credentialName),
                forbiddenBits: 0o007,
                mustBeOwn: false,
            });
            if (!content) {
                throw new BhorError('key_unusable', `The systemd credential ${credentialName} was not passed.`, {
                    hint: `Add LoadCredentialEncrypted=${credentialName}:<file> to the unit.`,
                });
            }
            const key = parseMasterKey(content, name);
            content.fill(0);
            return key;
        },
    };
}
