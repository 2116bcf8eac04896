import type {
  Alert,
  AlertChannelRecord,
  AlertKind,
  IncidentRecord,
  OutboxRecord,
} from '../../contracts/alerts.ts'
import { alertKinds, severities } from '../../contracts/alerts.ts'
import type { StoreTransaction } from '../../contracts/store.ts'
import { newLabel } from '../../core/ids.ts'
import type { SessionContext } from '../ground/context.ts'
import { places, soundOf } from '../ground/records.ts'
import { kinds } from './kinds.ts'

type OutboxContext = Pick<SessionContext, 'vault' | 'clock' | 'random' | 'alerting'>

/** What a unit of work says to people and programs, beside what it tells. */
export interface Telling {
  readonly alert: Alert
  /** Only to these channels, whatever they pass on: for a link that is made for one receiver. */
  readonly channelIds?: readonly string[]
}

/**
 * Puts alerts into the outbox, in the transaction of what they tell of: for each channel that passes them on a row.
 * What was told of the same trouble before is not told again.
 *
 * @param firstAt the place of the first one within its moment
 * @returns the channels that have something to send
 */
export async function putOut(
  context: OutboxContext,
  tx: StoreTransaction,
  tellings: readonly Telling[],
  firstAt = 0,
): Promise<ReadonlySet<string>> {
  const waiting = new Set<string>()
  if (tellings.length === 0) return waiting
  const channels = soundOf(context.vault, 'alert_channels', await tx.channels.list())
  if (channels.length === 0) return waiting
  const incidents = new Map((await tx.incidents.list()).map((incident) => [incident.id, incident]))
  const goesTo = (channel: AlertChannelRecord, { alert, channelIds }: Telling) =>
    isNews(incidents.get(incidentOf(alert)), channel, alert) &&
    (channelIds ? channelIds.includes(channel.id) : passesOn(context, channel, alert))
  for (const [at, telling] of tellings.entries()) {
    const { alert, channelIds } = telling
    const reached = channels.filter((channel) => goesTo(channel, telling))
    for (const channel of reached) {
      const isTold = (other: Telling, otherAt: number) =>
        (covers(other.alert, alert) || (otherAt < at && isSame(other.alert, alert))) && goesTo(channel, other)
      if (!channelIds && isForPeople(context, channel) && tellings.some(isTold)) continue
      await tx.outbox.insert(rowOf(context, channel, alert, firstAt + at))
      waiting.add(channel.id)
    }
    if (alert.cause !== '' && reached.length > 0)
      await tx.incidents.set(incidentAfter(incidents.get(incidentOf(alert)), alert, reached))
  }
  return waiting
}

/** Says that troubles are over: to each channel of those that it was told of. */
export async function recover(
  context: OutboxContext,
  tx: StoreTransaction,
  over: readonly IncidentRecord[],
  recovered: (told: readonly IncidentRecord[]) => Alert,
): Promise<ReadonlySet<string>> {
  for (const { id } of over) await tx.incidents.delete(id)
  const worthIt = over.filter(({ kind }) => kinds[kind].recovers)
  const channelIds = new Set(worthIt.flatMap((incident) => incident.channelIds))
  const tellings = [...channelIds].map((id) => ({
    alert: recovered(worthIt.filter((incident) => incident.channelIds.includes(id))),
    channelIds: [id],
  }))
  // Behind whatever the same moment brings.
  return putOut(context, tx, tellings, 5_000)
}

/** How a trouble is named. */
export function incidentOf({ cause, account }: Pick<Alert, 'cause' | 'account'>): string {
  return `${cause} ${account?.id ?? ''}`
}

/** Whether a channel was not told of this trouble yet, or so long ago that it is told again. */
function isNews(
  before: IncidentRecord | undefined,
  channel: AlertChannelRecord,
  { kind, cause, atMs }: Alert,
): boolean {
  const { againAfterMs } = kinds[kind]
  if (cause === '' || againAfterMs === undefined) return true
  return !wasTold(before, channel, atMs - againAfterMs, atMs)
}

/** Whether a channel was told of a trouble later than `sinceMs`. */
function wasTold(
  incident: IncidentRecord | undefined,
  { id }: AlertChannelRecord,
  sinceMs: number,
  nowMs: number,
): boolean {
  if (!incident?.channelIds.includes(id)) return false
  // A clock that was set back tells once too often, rather than never again.
  return sinceMs < incident.toldAtMs && incident.toldAtMs <= nowMs
}

/**
 * Whether a channel passes on a trouble that it was not told of later than `sinceMs`.
 *
 * @param incident what was told of it so far
 */
export function isUntold(
  context: OutboxContext,
  channels: readonly AlertChannelRecord[],
  incident: IncidentRecord | undefined,
  alert: Alert,
  sinceMs: number,
): boolean {
  return channels.some(
    (channel) =>
      passesOn(context, channel, alert) && !wasTold(incident, channel, sinceMs, context.clock.nowMs()),
  )
}

/** @param reached the channels that this is news to; what covers it has told them of it, too */
function incidentAfter(
  before: IncidentRecord | undefined,
  alert: Alert,
  reached: readonly AlertChannelRecord[],
): IncidentRecord {
  const { kind, cause, account, atMs } = alert
  const ids = reached.map(({ id }) => id)
  const { sinceMs = atMs, channelIds = [] } = before ?? {}
  // A channel that hears of it later than the others does not put off when those are told again, unless that is due.
  const isLater =
    before !== undefined &&
    !ids.some((id) => channelIds.includes(id)) &&
    atMs - before.toldAtMs < (kinds[kind].againAfterMs ?? 0)
  return {
    id: incidentOf(alert),
    kind,
    cause,
    accountId: account?.id ?? null,
    sinceMs,
    toldAtMs: isLater ? before.toldAtMs : atMs,
    channelIds: [...new Set([...channelIds, ...ids])],
  }
}

/** What is told by itself of nothing, or only after something else was told. */
const notByThemselves: readonly AlertKind[] = ['recovered', 'test', 'all_ready', 'notice']

/** What a channel is told by its settings, the gravest first. */
export function kindsToldTo(
  { alerting }: Pick<OutboxContext, 'alerting'>,
  { kind: channelKind, leastSeverity, accountIds }: AlertChannelRecord,
): AlertKind[] {
  const weight = (kind: AlertKind) => severities.indexOf(kinds[kind].severity)
  return alertKinds
    .filter((kind) => {
      const { only, concernsAll, ofHouse } = kinds[kind]
      if (notByThemselves.includes(kind)) return false
      // The last calls of a morning pass everywhere.
      if (kind !== 'reminder' && weight(kind) < severities.indexOf(leastSeverity)) return false
      if (accountIds !== null && ofHouse && !concernsAll) return false
      return only !== 'program' || alerting?.types[channelKind].reader === 'program'
    })
    .toSorted((a, b) => weight(b) - weight(a))
}

/** Whether a channel passes an alert on, by its settings. */
function passesOn(
  context: OutboxContext,
  channel: AlertChannelRecord,
  { kind, severity, account, cause }: Alert,
): boolean {
  const { id, leastSeverity, accountIds } = channel
  const { only, concernsAll } = kinds[kind]
  // Of a channel that fails the others tell.
  if (cause === `channel_failing ${id}`) return false
  if (severities.indexOf(severity) < severities.indexOf(leastSeverity)) return false
  if (accountIds !== null && !concernsAll && !(account && accountIds.includes(account.id))) return false
  return only !== 'program' || !isForPeople(context, channel)
}

function isForPeople({ alerting }: OutboxContext, { kind }: AlertChannelRecord): boolean {
  return alerting?.types[kind].reader !== 'program'
}

/** Whether a person who is told the one need not be told the other. */
function covers(one: Pick<Alert, 'kind' | 'account'>, other: Pick<Alert, 'kind' | 'account'>): boolean {
  return one.account?.id === other.account?.id && (kinds[one.kind].covers ?? []).includes(other.kind)
}

function isSame(one: Alert, other: Alert): boolean {
  return one.cause !== '' && incidentOf(one) === incidentOf(other)
}

/** Ids rise with time and, within a moment, in the order in which things were told. */
function rowOf(
  { vault, random }: OutboxContext,
  { id: channelId }: AlertChannelRecord,
  alert: Alert,
  at: number,
): OutboxRecord {
  const moment = `${String(alert.atMs).padStart(16, '0')}_${String(at).padStart(4, '0')}`
  const id = `alert_${moment}_${newLabel(random)}`
  const sealedAlert = vault.seal(JSON.stringify(alert), places.waitingAlert(id))
  return { id, channelId, atMs: alert.atMs, severity: alert.severity, sealedAlert }
}

/** The same row, put behind all others because its receiver refused it by itself; see {@link refusedAtMs}. */
export function putBehind(
  { vault, clock, random }: OutboxContext,
  row: OutboxRecord,
  alert: Alert,
): OutboxRecord {
  const id = `refused_${String(clock.nowMs()).padStart(16, '0')}_${newLabel(random)}`
  return { ...row, id, sealedAlert: vault.seal(JSON.stringify(alert), places.waitingAlert(id)) }
}

/** When the receiver last refused this row by itself; undefined where it never did. */
export function refusedAtMs({ id }: OutboxRecord): number | undefined {
  const at = /^refused_(\d{16})_/.exec(id)?.[1]
  return at === undefined ? undefined : Number(at)
}

/** The alert of a row; undefined for one that nobody of bhor put there, or that was sealed by a lost key. */
export function waitingAlert(
  { vault }: Pick<SessionContext, 'vault'>,
  { id, sealedAlert }: OutboxRecord,
): Alert | undefined {
  try {
    return JSON.parse(vault.open(sealedAlert, places.waitingAlert(id)).reveal()) as Alert
  } catch {
    return undefined
  }
}
