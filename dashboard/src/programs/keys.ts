import { signal } from '@preact/signals'
import type { KeyView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'

/** Null until the first answer. */
export const keys = signal<readonly KeyView[] | null>(null)

export async function loadKeys(): Promise<void> {
  keys.value = await call('GET /v1/keys')
}

/** How a key stands at a moment. */
export function keyState(
  key: Pick<KeyView, 'revokedAt' | 'expiresAt'>,
  nowMs: number,
): 'live' | 'revoked' | 'expired' {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs ? 'expired' : 'live'
}
