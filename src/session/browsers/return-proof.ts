import { createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto'

/** P-256, SPKI in DER, base64. */
const keyPattern = /^[A-Za-z0-9+/]{122}==$/
/** Both numbers of an ECDSA signature, 32 bytes each, base64. */
const signaturePattern = /^[A-Za-z0-9+/]{86}==$/

/** What a browser signs with the key it has, to come back at `origin` and to have the next key. */
export interface ReturnWish {
  readonly challenge: string
  /** Where the page is that comes back, as the browser says it of itself to the frame that has the key. */
  readonly origin: string
  readonly nextKey: string
}

/** The same text is made in `http/key-frame.ts`, inside the browser. */
function signedText({ challenge, origin, nextKey }: ReturnWish): string {
  return `bhor return\n${challenge}\n${origin}\n${nextKey}`
}

export function isPublicKey(text: string): boolean {
  return publicKeyOf(text) !== undefined
}

export function isSignedReturn(publicKey: string, wish: ReturnWish, signature: string): boolean {
  const key = publicKeyOf(publicKey)
  if (!key || !signaturePattern.test(signature)) return false
  const bytes = Buffer.from(signature, 'base64')
  return verify('sha256', Buffer.from(signedText(wish)), { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

/** By which a page that stays open knows that who answers is still this desk: HMAC-SHA-256 in hex. */
export function deskProof(proofKey: string, nonce: string, url: string): string {
  return createHmac('sha256', Buffer.from(proofKey, 'hex')).update(`${nonce}\n${url}`).digest('hex')
}

function publicKeyOf(text: string): KeyObject | undefined {
  if (!keyPattern.test(text)) return undefined
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}
