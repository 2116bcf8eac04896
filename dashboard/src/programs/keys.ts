import { signal } from '@preact/signals'
import type { KeyAdded, KeyView, Unused } from '../../../src/contracts/api.ts'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { byName } from '../parts/by-name.ts'
import { onLeaving } from '../session-state.ts'
import { minuteEnd, now } from '../time/clock.ts'
import { words } from '../words/programs.ts'

const justNowMs = 10 * 60_000

/** Null until the first answer. */
export const keys = signal<readonly KeyView[] | null>(null)
/** When those got their first session that got it while this page looked on, by their ids. */
const firstUsed = signal<ReadonlyMap<string, number>>(new Map())
/** What nobody has used for long; null until the first answer. */
export const unused = signal<Unused['keys'] | null>(null)
onLeaving(() => {
  keys.value = null
  firstUsed.value = new Map()
  unused.value = null
})

export async function loadKeys(): Promise<void> {
  const loaded = await call('GET /v1/keys')
  const begun = firstUses(keys.peek() ?? [], loaded)
  keys.value = loaded
  if (begun.length === 0) return
  firstUsed.value = new Map([...firstUsed.peek(), ...begun.map(({ id }) => [id, now.peek()] as const)])
  for (const { name } of begun) announce(words.programs.firstUse(name))
}

/** A key that was made here, before bhor was asked for all: its program may be faster than the answer. */
export function knowAdded(made: KeyAdded): void {
  const { key: _key, ...added } = made
  const known = keys.peek()
  if (known?.every(({ id }) => id !== added.id)) keys.value = [...known, added]
}

/** Whether it has got its first session just now. */
export function hasJustBegun(id: string): boolean {
  return minuteEnd.value - (firstUsed.value.get(id) ?? Number.NEGATIVE_INFINITY) < justNowMs
}

export async function loadUnused(): Promise<void> {
  unused.value = (await call('GET /v1/unused')).keys
}

/** Those that had no session yet, and have got one now. */
export function firstUses(before: readonly KeyView[], after: readonly KeyView[]): readonly KeyView[] {
  const waiting = new Set(before.flatMap(({ id, lastUsedAt }) => (lastUsedAt === null ? [id] : [])))
  return after.filter(({ id, lastUsedAt }) => lastUsedAt !== null && waiting.has(id))
}

/** How a key stands at a moment. */
export function keyState(
  key: Pick<KeyView, 'revokedAt' | 'expiresAt'>,
  nowMs: number,
): 'live' | 'revoked' | 'expired' {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs ? 'expired' : 'live'
}

/** Keys by what they are: of programs, of a run that goes on, and those that are over, the latest first. */
export function sortedKeys(all: readonly KeyView[], nowMs: number) {
  const isLive = (key: KeyView) => keyState(key, nowMs) === 'live'
  const byOwnName = (a: KeyView, b: KeyView) => byName(a.name, b.name)
  const endOf = ({ revokedAt, expiresAt }: KeyView) => revokedAt ?? expiresAt ?? ''
  return {
    programs: all.filter((key) => isLive(key) && !key.isRun).toSorted(byOwnName),
    runs: all
      .filter((key) => isLive(key) && key.isRun)
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
    over: all.filter((key) => !isLive(key)).toSorted((a, b) => endOf(b).localeCompare(endOf(a))),
  }
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
