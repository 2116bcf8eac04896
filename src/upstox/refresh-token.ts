import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { rmSync } from 'node:fs'
import { toBhorError } from '../core/errors.ts'
import { tryParseJson } from '../core/json.ts'
import { systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { joined, openEnvelope, sealEnvelope } from '../vault/envelope.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'
import type { Credentials } from './credentials.ts'
import { Logger } from './logger.ts'
import { writeWhole } from './whole-file.ts'

const keyId = 'client-secret'

/**
 * A refresh token in a file of its own beside the token file, should Upstox ever give one: sealed under the app's secret,
 * without which it is of no use anyway.
 */
export class RefreshTokenFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** @throws BhorError `store_full`, `system_refused` */
  keep(token: string, credentials: Credentials, userId: string): void {
    const sealed = sealEnvelope(Buffer.from(token, 'utf8'), {
      ...sealing(credentials, userId),
      keyId,
      random: systemRandom,
    })
    writeWhole(this.#path, `${JSON.stringify({ version: 1, sealed })}\n`)
  }

  /** Undefined for none, and for one that another secret or another user has left. */
  open(credentials: Credentials, userId: string): Secret | undefined {
    try {
      const bytes = readPrivateFile({
        path: this.#path,
        what: 'refresh token file',
        code: 'token_file_invalid',
      })
      const json = bytes && tryParseJson(bytes.toString('utf8'))
      const sealed = json && typeof json === 'object' && !Array.isArray(json) ? json.sealed : undefined
      if (typeof sealed !== 'string') return undefined
      return new Secret(openEnvelope(sealed, sealing(credentials, userId)).toString('utf8'))
    } catch (error) {
      Logger.get().warning(`The refresh token cannot be used. ${toBhorError(error).message}`)
      return undefined
    }
  }

  forget(): void {
    rmSync(this.#path, { force: true })
  }
}

function sealing({ clientId, clientSecret }: Credentials, userId: string): { key: KeyObject; bound: Buffer } {
  const bytes = hkdfSync('sha256', clientSecret, clientId, 'bhor:refresh-token:v1', 32)
  return { key: createSecretKey(Buffer.from(bytes)), bound: joined('bhor:refresh-token', clientId, userId) }
}
