import type { AccountEgress, EgressFacts } from '../../contracts/api.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { iso } from '../../core/instant.ts'

const minuteMs = 60_000
/** What is registered is compared with what the world sees so often. */
const measuredEveryMs = 30 * minuteMs
/** A measurement that fails is repeated meanwhile: what was seen before it counts on. */
const graceMs = 15 * minuteMs

type Way = Pick<AccountRecord, 'settings' | 'lastEgress'>

/**
 * How the addresses by which an account was seen to leave compare with those that are registered at the broker. Each
 * one counts: a call that goes out over the other family is refused just as well. What was seen too long ago says nothing.
 */
export function egressStanding(account: Way, nowMs: number): EgressFacts['standing'] {
  if (!isRegistered(account)) return 'nothing registered'
  const endsAtMs = seenEndsAtMs(account)
  if (endsAtMs === undefined || nowMs >= endsAtMs) return 'unmeasured'
  const { registered = [] } = account.settings.egress ?? {}
  return account.lastEgress!.addresses.every((address) => registered.includes(address))
    ? 'as registered'
    : 'different'
}

export function isRegistered({ settings }: Pick<Way, 'settings'>): boolean {
  return (settings.egress?.registered ?? []).length > 0
}

/** When it should be measured again; undefined where it was never seen. */
export function measuredAgainAtMs(account: Way): number | undefined {
  const seenAtMs = seenAtMsOf(account)
  return seenAtMs === undefined ? undefined : seenAtMs + measuredEveryMs
}

/** When what was seen stops counting; undefined where nothing was. */
export function seenEndsAtMs(account: Way): number | undefined {
  const againAtMs = measuredAgainAtMs(account)
  return againAtMs === undefined ? undefined : againAtMs + graceMs
}

/** When its addresses were last seen; undefined where they never were. */
export function seenAtMsOf({ lastEgress }: Pick<Way, 'lastEgress'>): number | undefined {
  if (!lastEgress || lastEgress.addresses.length === 0) return undefined
  return lastEgress.seenAtMs ?? lastEgress.atMs
}

export function egressFacts(account: Way, nowMs: number): EgressFacts {
  const { lastEgress, settings } = account
  const { from, proxy, registered = [] } = settings.egress ?? {}
  return {
    way: proxy ?? from ?? 'direct',
    registered: [...registered],
    standing: egressStanding(account, nowMs),
    measured: lastEgress && {
      at: iso(lastEgress.atMs),
      addresses: [...lastEgress.addresses],
      code: lastEgress.code || null,
      changed: lastEgress.changed
        ? { at: iso(lastEgress.changed.atMs), before: [...lastEgress.changed.before] }
        : null,
    },
  }
}

export function accountEgress(account: AccountRecord, nowMs: number): AccountEgress {
  return {
    account: account.alias,
    broker: account.broker,
    kind: account.kind,
    ...egressFacts(account, nowMs),
  }
}
