import type { AccountEgress, EgressFacts } from '../../contracts/api.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { iso } from '../../core/instant.ts'

/**
 * How the addresses by which an account was seen to leave compare with those that are registered at the broker. Each
 * one counts: a call that goes out over the other family is refused just as well.
 */
export function egressStanding({
  settings,
  lastEgress,
}: Pick<AccountRecord, 'settings' | 'lastEgress'>): EgressFacts['standing'] {
  const { registered = [] } = settings.egress ?? {}
  if (registered.length === 0) return 'nothing registered'
  const seen = lastEgress?.addresses ?? []
  if (seen.length === 0) return 'unmeasured'
  return seen.every((address) => registered.includes(address)) ? 'as registered' : 'different'
}

export function egressFacts(account: Pick<AccountRecord, 'settings' | 'lastEgress'>): EgressFacts {
  const { lastEgress, settings } = account
  const { from, proxy, registered = [] } = settings.egress ?? {}
  return {
    way: proxy ?? from ?? 'direct',
    registered: [...registered],
    standing: egressStanding(account),
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

export function accountEgress(account: AccountRecord): AccountEgress {
  return { account: account.alias, broker: account.broker, kind: account.kind, ...egressFacts(account) }
}
