import type { Unused } from '../../contracts/api.ts'
import type { ClientKeyRecord } from '../../contracts/store.ts'
import { iso } from '../../core/instant.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { lastHandOutAtMs, lastUseOfKeys, liveSession } from './uses.ts'

const hourMs = 60 * 60_000

/** After how long without use something is named, as the configuration says. */
export interface Hygiene {
  readonly sessionUnusedMs: number
  readonly keyUnusedMs: number
  /** Keys that nobody used for so long are revoked. */
  readonly revokesUnusedKeys: boolean
}
export const usualHygiene: Hygiene = {
  sessionUnusedMs: 6 * hourMs,
  keyUnusedMs: 30 * 24 * hourMs,
  revokesUnusedKeys: false,
}

/** Both, as they are shown. */
export async function unusedView(context: SessionContext): Promise<Unused> {
  const [sessions, keys] = [await unusedSessions(context), await unusedKeys(context)]
  return {
    sessions: sessions.map(({ account, sinceMs }) => ({ account, since: iso(sinceMs) })),
    keys: keys.map(({ id, name, sinceMs }) => ({ id, name, since: iso(sinceMs) })),
  }
}

/** The live sessions that no program took for the set time, with since when. */
export async function unusedSessions(
  context: SessionContext,
): Promise<{ account: string; sinceMs: number }[]> {
  const { store, vault, clock, hygiene = usualHygiene } = context
  const found = []
  for (const account of soundOf(vault, 'accounts', await store.accounts.list())) {
    const session = await liveSession(context, account).catch(() => undefined)
    if (!session || clock.nowMs() - session.createdAtMs < hygiene.sessionUnusedMs) continue
    const sinceMs = (await lastHandOutAtMs(context, session)) ?? session.createdAtMs
    if (clock.nowMs() - sinceMs >= hygiene.sessionUnusedMs) found.push({ account: account.alias, sinceMs })
  }
  return found
}

/** The keys by which tokens can be had and that nobody used for the set time, with since when. */
export async function unusedKeys(
  context: SessionContext,
): Promise<(Pick<ClientKeyRecord, 'id' | 'name'> & { sinceMs: number })[]> {
  const { store, vault, clock, hygiene = usualHygiene } = context
  const nowMs = clock.nowMs()
  const horizonMs = nowMs - hygiene.keyUnusedMs
  const isCandidate = ({ scopes, revokedAtMs, expiresAtMs, createdAtMs, heldBy }: ClientKeyRecord) => {
    // One of a run is held, whether its program asks or not.
    const isValid = revokedAtMs === null && heldBy === null && (expiresAtMs === null || nowMs < expiresAtMs)
    return (
      isValid && createdAtMs <= horizonMs && scopes.some((one) => one === 'read-token' || one === 'admin')
    )
  }
  const keys = soundOf(vault, 'client_keys', await store.keys.list()).filter(isCandidate)
  if (keys.length === 0) return []
  const used = await lastUseOfKeys(context, new Set(keys.map(({ id }) => id)), horizonMs)
  return keys.filter(({ id }) => !used.has(id)).map(({ id, name }) => ({ id, name, sinceMs: horizonMs }))
}
