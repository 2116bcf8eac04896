import type { Random } from './random.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** A short unguessable name such as `acc_3f8k…`: 80 random bits in Crockford's base32, behind a prefix. */
export function newId(prefix: string, random: Random): string {
  return `${prefix}_${newLabel(random)}`
}

/** 80 random bits in Crockford's base32 (16 characters); may stand in the name of a host. */
export function newLabel(random: Random): string {
  let out = ''
  for (const byte of random.bytes(16)) out += alphabet[byte & 31]
  return out
}

/** 256 random bits in base64url (43 characters), for keys, states and links. */
export function newToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64url')
}
