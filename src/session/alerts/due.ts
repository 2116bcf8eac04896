import type { AlertChannelRecord, DeliveryRecord } from '../../contracts/alerts.ts'
import type { DayList } from '../../contracts/calendar.ts'
import type { StoreTransaction } from '../../contracts/store.ts'
import type { WorkKind } from '../../contracts/work.ts'
import { nextIst, type WallClock } from '../../core/ist.ts'
import { dayOf, isTraded } from '../calendar/day.ts'
import { knownDays } from '../calendar/known.ts'
import { istDate } from '../calendar/market.ts'
import type { SessionContext } from '../ground/context.ts'
import { isGenuine } from '../ground/records.ts'
import { heardFromMs } from './quiet.ts'

/** Between two messages of a channel: what piles up meanwhile is one message. */
export const paceMs = 60_000

/** Writes down when a channel has something to do, by what waits for it. */
export async function planChannel(
  context: Pick<SessionContext, 'vault' | 'clock' | 'alerting'>,
  tx: StoreTransaction,
  channelId: string,
): Promise<void> {
  if (!context.alerting) return
  const channel = await tx.channels.byId(channelId).catch(() => undefined)
  // Nothing is done for one that is not believed: what was due before would be due for ever.
  if (!channel || !isGenuine(context.vault, 'alert_channels', channel))
    return tx.work.plan(channelId, 0, new Map())
  const delivery = await tx.deliveries.of(channelId)
  const due = new Map<WorkKind, number>()
  const lists = await knownDays({ vault: context.vault, store: tx })
  due.set('alert_check', nextCheckMs(lists, channel, delivery, context.alerting.settings.checkAt))
  // The critical come first, so that the first one says whether quiet hours count.
  const [first] = (await tx.outbox.of(channelId, 1)).records
  const isCritical = first?.severity === 'critical'
  const heardMs = isCritical ? context.clock.nowMs() : heardFromMs(channel.quiet, context.clock.nowMs())
  if (first) due.set('alert', Math.max(heardMs, first.atMs, paceEndsMs(delivery)))
  await tx.work.plan(channelId, 0, due)
}

/** From when on the next message may go. */
export function paceEndsMs(delivery: DeliveryRecord | undefined): number {
  return delivery?.triedAtMs ? delivery.triedAtMs + paceMs : 0
}

/** The first of the hours of looking, on a trading day, that has come since the channel was looked at last. */
function nextCheckMs(
  lists: readonly DayList[],
  { createdAtMs }: AlertChannelRecord,
  delivery: DeliveryRecord | undefined,
  checkAt: WallClock,
): number {
  let at = Temporal.Instant.fromEpochMilliseconds(Math.max(createdAtMs, delivery?.checkedAtMs ?? 0))
  for (let looked = 0; looked < 15; looked++) {
    at = nextIst(checkAt, at)
    if (isTraded(dayOf(lists, istDate(at), 'equity'))) break
  }
  return at.epochMilliseconds
}
