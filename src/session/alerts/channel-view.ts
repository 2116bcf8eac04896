import type { AlertChannelRecord, AlertChannelView } from '../../contracts/alerts.ts'
import { dataWithoutControls } from '../../core/control-characters.ts'
import { iso } from '../../core/instant.ts'
import type { SessionContext } from '../ground/context.ts'
import { openSecrets, places } from '../ground/records.ts'
import { alertingOf } from './alerting.ts'
import { kindsToldTo } from './outbox.ts'

const mostCounted = 1_000
const at = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : iso(ms))

/** A channel as people see it: which secrets it has, and none of them. */
export async function channelView(
  context: SessionContext,
  record: AlertChannelRecord,
): Promise<AlertChannelView> {
  const { store, vault } = context
  const { id, name, kind, settings, leastSeverity, accountIds, quiet } = record
  const secrets = openSecrets(vault, record.sealedSecrets, places.channelSecrets(id))
  const delivery = await store.deliveries.of(id)
  const waiting = await store.outbox.of(id, mostCounted)
  const { failures = 0, deliveredAtMs, failedAtMs, checkedAtMs } = delivery ?? {}
  const isUsed = Boolean(deliveredAtMs ?? failedAtMs ?? checkedAtMs)
  return dataWithoutControls<AlertChannelView>({
    name,
    kind,
    target: alertingOf(context).types[kind].target(settings, secrets),
    settings: { ...settings },
    secrets: Object.keys(secrets).sort(),
    leastSeverity,
    accounts: accountIds === null ? null : await aliasesOf(context, accountIds),
    tells: kindsToldTo(context, record),
    quiet,
    state: failures > 0 ? 'failing' : isUsed ? 'working' : 'new',
    waiting: waiting.records.length + waiting.damaged.length,
    lastDelivery: at(deliveredAtMs),
    lastFailure:
      delivery && failedAtMs
        ? { at: iso(failedAtMs), code: delivery.failureCode, text: delivery.failureText }
        : null,
    lastCheck: at(checkedAtMs),
  })
}

/** All that can be said of a row that nobody can believe: what it was called, so that it can be removed. */
export function damagedChannelView({
  id,
  name,
}: {
  readonly id: string
  readonly name: string
}): AlertChannelView {
  return dataWithoutControls<AlertChannelView>({
    name: name === '' ? id : name,
    kind: 'webhook',
    target: '',
    settings: {},
    secrets: [],
    leastSeverity: 'info',
    accounts: null,
    tells: [],
    quiet: null,
    state: 'damaged',
    waiting: 0,
    lastDelivery: null,
    lastFailure: null,
    lastCheck: null,
  })
}

/** Of an account that is gone nothing is told, and nothing shown. */
async function aliasesOf({ store }: SessionContext, ids: readonly string[]): Promise<string[]> {
  const { records } = await store.accounts.list()
  return records.flatMap(({ id, alias }) => (ids.includes(id) ? [alias] : []))
}
