import { Secret, TOTP } from 'otpauth'
import type { Prompt, Values } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'

/**
 * What the user has stored as the answer to a question, or what is computed from it: the code of the authenticator
 * from its seed (RFC 6238, six digits, 30 seconds).
 *
 * @throws BhorError `bad_secret` for a seed that is none
 */
export function storedAnswer(
  { kind, storedIn, label }: Prompt,
  account: Values,
  nowMs: number,
): string | undefined {
  const stored = storedIn === undefined ? undefined : account[storedIn]
  if (!stored) return undefined
  if (kind !== 'totp') return stored
  try {
    const secret = Secret.fromBase32(stored.replaceAll(/[\s-]/g, '').toUpperCase())
    return new TOTP({ secret }).generate({ timestamp: nowMs })
  } catch (cause) {
    throw new BhorError('bad_secret', `The stored seed for “${label}” is not base32.`, { cause })
  }
}
