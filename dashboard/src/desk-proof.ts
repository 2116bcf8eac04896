import { onLeaving } from './session-state.ts'

/** What only this page and the desk know, in hex; null until the page was signed in. In memory alone. */
let proofKey: string | null = null
onLeaving(() => {
  proofKey = null
})

export function learnProofKey(key: string | null): void {
  proofKey = key
}

/** Whether this page can tell its desk from anybody else at the same port. A page that was only just loaded came from who answers now. */
export function canTellDesk(): boolean {
  return proofKey !== null && (crypto as { subtle?: SubtleCrypto }).subtle !== undefined
}

export function newNonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)))
}

/** Whether the desk says that this text is from it. True as well where this page cannot tell. */
export async function isFromDesk(text: string, proof: string): Promise<boolean> {
  if (proofKey === null || !canTellDesk()) return true
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const bytes = Uint8Array.from(proofKey.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  return (
    hex(new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text)))) === proof
  )
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
