import { withoutControls } from './control-characters.ts'
import { rememberedSecrets } from './secret.ts'

const names =
  'access_?token|refresh_?token|request_?token|extended_?token|public_?token|enctoken|auth_?code|tokenId|jwtToken|feedToken|api_?secret|client_?secret|checksum|password|passphrase|pin|mpin|totp|otp'
const inQuery = new RegExp(`([?&#;](?:${names}|code|state|key|token)=)[^&#\\s"']+`, 'gi')
const inJson = new RegExp(`("(?:${names})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*(")`, 'gi')
const inHeader =
  /\b(authorization|cookie|set-cookie|access-token|x-privatekey|api-session-key|x-bhor-session)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi
const clientKey = /\bbhor_[A-Za-z0-9_-]{20,}/g
const bearer = /\b(Bearer|token|Basic)\s+[A-Za-z0-9._~+/:=-]{16,}/g

/**
 * Takes everything secret out of a text: the value of every live {@link Secret}, and whatever stands
 * where credentials stand (query parameters, JSON fields, headers, client keys).
 */
export function redact(text: string): string {
  // The longest first: a short one that another begins with would leave the rest of that one standing.
  const found: string[] = []
  for (const value of rememberedSecrets()) {
    // No form is shorter than the value; most texts are shorter than most secrets.
    if (value.length > text.length) continue
    for (const form of formsOf(value)) if (text.includes(form)) found.push(form)
  }
  found.sort((a, b) => b.length - a.length)
  let out = text
  for (const form of found) out = out.replaceAll(form, '[secret]')
  return out
    .replace(inQuery, '$1[secret]')
    .replace(inJson, '$1[secret]$2')
    .replace(inHeader, '$1$2[secret]')
    .replace(bearer, '$1 [secret]')
    .replace(clientKey, 'bhor_[secret]')
}

/** Worked out once: a line of the log must not encode every secret anew. */
const knownForms = new Map<string, readonly string[]>()
const mostKnownForms = 8192

/** A value as it is, and as it stands in a URL, in a form and in JSON. */
function formsOf(value: string): readonly string[] {
  const known = knownForms.get(value)
  if (known) return known
  const inUrl = encodeURIComponent(value.toWellFormed())
  const inForm = new URLSearchParams([['', value]]).toString().slice(1)
  const forms = [...new Set([value, inUrl, inForm, JSON.stringify(value).slice(1, -1)])]
  if (knownForms.size >= mostKnownForms) knownForms.clear()
  knownForms.set(value, forms)
  return forms
}

/**
 * A foreign text (a broker's message, a pasted name) made safe to show: redacted, one line, printable,
 * at most `limit` characters.
 */
export function printable(text: string, limit = 200): string {
  const line = withoutControls(redact(text)).trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
