import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { PorchConfig } from '../config/porch.ts'
import { BhorError } from '../core/errors.ts'
import { ipAddress } from '../core/ip-address.ts'
import { printable } from '../core/redact.ts'

export type CertificateFiles = NonNullable<PorchConfig['tls']>

/** A certificate with its key, as TLS takes them. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  /** Until when it counts. */
  readonly endsAtMs: number
  /** Whether it is for this name or address. */
  isFor(hostname: string): boolean
}

/**
 * Reads the files of the porch, and that they belong together.
 *
 * @throws BhorError `config_invalid`; `permissions_too_wide` for a key that everybody can read
 */
export function readCertificate({ cert: certFile, key: keyFile }: CertificateFiles): Certificate {
  const cert = read('porch.cert', certFile)
  const key = read('porch.key', keyFile)
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o007) !== 0) {
    throw new BhorError('permissions_too_wide', 'Everybody on this computer can read the key of the porch.', {
      hint: `chmod o-rwx ${printable(keyFile, 400)}`,
    })
  }
  const leaf = parsed('porch.cert', 'a certificate in PEM', () => new X509Certificate(cert))
  const secret = parsed('porch.key', 'a private key in PEM without a passphrase', () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(secret)) {
    throw new BhorError(
      'config_invalid',
      'porch.key is not the key of the first certificate in porch.cert.',
      {
        hint: 'The file of the certificate begins with that of the porch itself; those that vouch for it follow.',
      },
    )
  }
  return {
    cert,
    key,
    endsAtMs: Date.parse(leaf.validTo),
    isFor(hostname) {
      const address = ipAddress(hostname.replace(/^\[|\]$/g, ''))
      // Browsers have not looked at the subject for years.
      return address === undefined
        ? leaf.checkHost(hostname, { subject: 'never' }) !== undefined
        : leaf.checkIP(address) !== undefined
    },
  }
}

/** Changes when one of the files does; empty while one of them is not there. */
export function filesVersion({ cert, key }: CertificateFiles): string {
  const of = (path: string) => {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats && `${stats.ino} ${stats.size} ${stats.mtimeMs}`
  }
  const versions = [of(cert), of(key)]
  return versions.every((version) => version !== undefined) ? versions.join(', ') : ''
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw new BhorError('config_invalid', `The file of ${name} cannot be read (${code}).`, {
      hint: `Check ${printable(path, 400)} and its permissions.`,
      cause,
    })
  }
}

function parsed<T>(name: string, what: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new BhorError('config_invalid', `The file of ${name} is not ${what}.`, { cause })
  }
}
