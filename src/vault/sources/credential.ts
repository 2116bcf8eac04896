import { join } from 'node:path'
import { BhorError } from '../../core/errors.ts'
import { parseMasterKey } from '../master-key.ts'
import { readPrivateFile } from '../read-private-file.ts'
import type { KeySource } from './key-source.ts'

/** The name under which a systemd unit passes the key: `LoadCredentialEncrypted=bhor-master-key:…`. */
export const credentialName = 'bhor-master-key'
const name = 'systemd credential'

/**
 * A key that systemd hands over (https://systemd.io/CREDENTIALS/). Owner and group bits are systemd's: it may give
 * access by an access list, which shows as group bits on a file of root's.
 *
 * @param directory the value of `$CREDENTIALS_DIRECTORY`
 */
export function credentialSource({ directory }: { directory: string }): KeySource {
  return {
    name,
    async load() {
      const content = readPrivateFile({
        path: join(directory, credentialName),
        what: 'master key file',
        code: 'key_unusable',
        forbiddenBits: 0o007,
        mayBeRoots: true,
      })
      if (!content) {
        throw new BhorError('key_unusable', `The systemd credential ${credentialName} was not passed.`, {
          hint: `Add LoadCredentialEncrypted=${credentialName}:<file> to the unit.`,
        })
      }
      const key = parseMasterKey(content, name)
      content.fill(0)
      return key
    },
  }
}
