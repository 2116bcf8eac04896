import { createSecretKey } from 'node:crypto'
import { BhorError, isBhorError } from '../core/errors.ts'
import { systemRandom } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import { joined, openEnvelope, sealEnvelope } from '../vault/envelope.ts'
import { type Derivation, derivedBytes, isDerivation, newDerivation } from '../vault/passphrase-key.ts'
import { refuseShort } from '../vault/sources/passphrase.ts'

const formVersion = 1
/** There is only one; the envelope wants a name for it. */
const keyId = 'passphrase'

/** The encrypted credentials file. How its key is made of the passphrase stands in it, and is bound to what it opens. */
export interface SealedCredentials {
  readonly bhor_credentials: number
  readonly key: Derivation
  readonly sealed: string
}

/** Whether this is such a file, of whatever version. */
export function isSealed(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && 'bhor_credentials' in json
}

/** @throws BhorError `key_unusable` for a passphrase that is too short */
export async function sealCredentials(text: string, passphrase: Secret): Promise<SealedCredentials> {
  refuseShort(passphrase)
  const derivation = newDerivation(systemRandom)
  const key = createSecretKey(await derivedBytes(passphrase, derivation, 32))
  const bound = boundTo(derivation)
  const sealed = sealEnvelope(Buffer.from(text, 'utf8'), { key, keyId, bound, random: systemRandom })
  return { bhor_credentials: formVersion, key: derivation, sealed }
}

/** @throws BhorError `credentials_invalid` for another version and for what is damaged, `credentials_passphrase_wrong` */
export async function openCredentials(
  json: Readonly<Record<string, unknown>>,
  passphrase: Secret,
): Promise<string> {
  const { bhor_credentials: version, key: derivation, sealed } = json
  if (version !== formVersion)
    throw new BhorError('credentials_invalid', 'The encrypted credentials file is of another version.', {
      hint: 'Upgrade bhor, or write the file again.',
    })
  if (!isDerivation(derivation) || typeof sealed !== 'string') throw damaged()
  const key = createSecretKey(await derivedBytes(passphrase, derivation, 32))
  try {
    return openEnvelope(sealed, { key, bound: boundTo(derivation) }).toString('utf8')
  } catch (error) {
    // A changed file and another passphrase look alike; the second is what happens to people.
    if (isBhorError(error, 'seal_broken')) throw new BhorError('credentials_passphrase_wrong')
    throw error
  }
}

function boundTo({ algorithm, memoryKiB, passes, parallelism, salt }: Derivation): Buffer {
  const cost = [memoryKiB, passes, parallelism].map(String)
  return joined('bhor:credentials', String(formVersion), algorithm, ...cost, salt)
}

function damaged(): BhorError {
  return new BhorError('credentials_invalid', 'The encrypted credentials file is damaged.', {
    hint: 'Write it again with toEncryptedFile.',
  })
}
