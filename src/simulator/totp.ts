import { createHmac } from 'node:crypto'
import { BhorError } from '../core/errors.ts'

export const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const stepSeconds = 30

/** Turns base32 (RFC 4648, padding and blanks allowed) into bytes. Throws `bad_secret` on anything else. */
export function decodeBase32(text: string): Uint8Array {
  const clean = text.replace(/[\s=]/g, '').toUpperCase()
  if (!/^[A-Z2-7]+$/.test(clean))
    throw new BhorError('bad_secret', 'A TOTP seed is base32: A to Z and 2 to 7.')
  const out: number[] = []
  let bits = 0
  let value = 0
  for (const letter of clean) {
    value = (value << 5) | base32.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    out.push((value >> bits) & 0xff)
    value &= (1 << bits) - 1
  }
  return Uint8Array.from(out)
}

/**
 * The time-based one-time password (RFC 6238, HMAC-SHA1, steps of 30 s) that an authenticator app shows for
 * this seed at this moment.
 *
 * @param seed base32
 * @param digits 6 at the brokers; the vectors of the RFC have 8
 */
export function totpCode(seed: string, at: Temporal.Instant, digits = 6): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at.epochMilliseconds / 1000 / stepSeconds)))
  const mac = createHmac('sha1', decodeBase32(seed)).update(counter).digest()
  const truncated = mac.readUInt32BE(mac[mac.length - 1]! & 0x0f) & 0x7fffffff
  return String(truncated % 10 ** digits).padStart(digits, '0')
}

/** True for the code of now and of the step before and after: people type slowly, phones' clocks drift. */
export function totpMatches(seed: string, code: string, at: Temporal.Instant): boolean {
  return [-1, 0, 1].some((step) => totpCode(seed, at.add({ seconds: step * stepSeconds })) === code)
}
