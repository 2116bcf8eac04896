import { rememberedSecrets } from './secret.ts'

const names =
  'access_?token|refresh_?token|request_?token|extended_?token|public_?token|enctoken|auth_?code|tokenId|jwtToken|feedToken|api_?secret|client_?secret|checksum|password|passphrase|pin|mpin|totp|otp'
const inQuery = new RegExp(`([?&#;](?:${names}|code|state|key|token)=)[^&#\\s"']+`, 'gi')
const inJson = new RegExp(`("(?:${names})"\\s*:\\s*")[^"]*(")`, 'gi')
const inHeader =
  /\b(authorization|cookie|set-cookie|access-token|x-privatekey|api-session-key|x-bhor-session)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi
const clientKey = /\bbhor_[A-Za-z0-9_-]{20,}/g
const bearer = /\b(Bearer|token|Basic)\s+[A-Za-z0-9._~+/:=-]{16,}/g

/**
 * Takes everything secret out of a text: the value of every live {@link Secret}, and whatever stands
 * where credentials stand (query parameters, JSON fields, headers, client keys).
 */
export function redact(text: string): string {
  let out = text
  for (const value of rememberedSecrets()) {
    if (out.includes(value)) out = out.replaceAll(value, '[secret]')
    const encoded = encodeURIComponent(value)
    if (encoded !== value && out.includes(encoded)) out = out.replaceAll(encoded, '[secret]')
  }
  return out
    .replace(inQuery, '$1[secret]')
    .replace(inJson, '$1[secret]$2')
    .replace(inHeader, '$1$2[secret]')
    .replace(bearer, '$1 [secret]')
    .replace(clientKey, 'bhor_[secret]')
}

/**
 * A foreign text (a broker's message, a pasted name) made safe to show: redacted, one line, printable,
 * at most `limit` characters.
 */
export function printable(text: string, limit = 200): string {
  const line = redact(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
