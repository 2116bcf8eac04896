import { webRandom } from '../core/random.ts'
import type { Fault } from './errors.ts'
import type { WireReply } from './wire.ts'

/** What only a server that knows the key can answer. */
export interface Question {
  readonly target: string
  isAnsweredBy(reply: WireReply): boolean
}

/**
 * What a server is asked before it is sent a key: who has taken the desk's port cannot know. The answer holds for this
 * origin and this question alone.
 *
 * @see `GET /v1/proof` in docs/reference/http.md
 */
export async function questionFor(key: string, origin: string): Promise<Question> {
  const { subtle } = globalThis.crypto
  const secret = await subtle.digest('SHA-256', bytesOf(key))
  const fingerprint = hexOf(await subtle.digest('SHA-256', secret)).slice(0, 8)
  const nonce = hexOf(webRandom.bytes(24))
  const hmacKey = await subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const proof = hexOf(await subtle.sign('HMAC', hmacKey, bytesOf(`${nonce}\n${origin}`)))
  return {
    target: `/v1/proof?key=${fingerprint}&nonce=${nonce}`,
    isAnsweredBy({ status, text }) {
      return status === 200 && proofIn(text) === proof
    },
  }
}

/** A server that has too much to do, or no store just now, can prove nothing; it is asked again later. */
export function unproven(fault: Fault, status: number): Error {
  if (status === 429 || status >= 500)
    return fault('server_unreachable', `The server answered with HTTP ${status}.`, { facts: { sent: false } })
  const text = 'The server did not prove that it knows this key, so the key was not sent.'
  const hint = 'Check address and key: another program may listen there, or the key may be of another desk.'
  return fault('server_unproven', text, { hint })
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function proofIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { proof?: unknown } | null)?.proof
  } catch {
    return undefined
  }
}
