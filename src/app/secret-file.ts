import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'
import { secretText } from '../vault/secret-text.ts'

/** A passphrase that the configuration keeps in a file. @throws BhorError `key_unusable`, `permissions_too_wide` */
export function secretFile(path: string, what: string, variable: string): Secret {
  const bytes = readPrivateFile({ path, what, code: 'key_unusable', mayBeRoots: true, mayBePassed: true })
  if (bytes) return new Secret(secretText(bytes, 'passphrase', 'key_unusable').text)
  throw new BhorError('key_unusable', `The ${what} is not there: ${printable(path, 400)}.`, {
    hint: `Check ${variable}.`,
  })
}
