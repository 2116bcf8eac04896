import { signal } from '@preact/signals'
import type { KeyView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { onLeaving } from '../session-state.ts'

/** Null until the first answer. */
export const keys = signal<readonly KeyView[] | null>(null)
onLeaving(() => {
  keys.value = null
})

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

/** The keys that still count and that a key has made, or that these have made: they are revoked with it. */
export function madeBy(id: string, all: readonly KeyView[]): readonly KeyView[] {
  const found = new Set<KeyView>()
  let makers = [id]
  while (makers.length > 0) {
    const made = all.filter((key) => key.madeBy !== null && makers.includes(key.madeBy) && !found.has(key))
    for (const key of made) found.add(key)
    makers = made.map((key) => key.id)
  }
  return [...found].filter((key) => key.revokedAt === null)
}
