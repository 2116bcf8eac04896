import { hash } from 'node:crypto'
import type {
  Alert,
  AlertChannelRecord,
  AlertMessage,
  Delivery,
  DeliveryRecord,
  OutboxRecord,
} from '../../contracts/alerts.ts'
import { channelWorkKinds, type WorkOutcome, type WorkRecord } from '../../contracts/work.ts'
import { BhorError, isBhorError, toBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { printable } from '../../core/redact.ts'
import { type Change, noteWork, planChannels, settleWork } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, isGenuine } from '../ground/records.ts'
import { notBefore } from '../ground/retries.ts'
import { keeper } from '../ground/rights.ts'
import { leaseOf, prolonging, WorkLoop } from '../keeper/work-loop.ts'
import { paceEndsMs, paceMs } from './due.ts'
import { openChannel } from './open-channel.ts'
import { putBehind, refusedAtMs, waitingAlert } from './outbox.ts'
import { isQuiet } from './quiet.ts'

/** Prolonged for as long as something is under way. */
const leaseMs = 90_000
const atOnce = 16
/** More than this is nobody's reading: the rest comes with the next message. */
const mostInMessage = 20
/** So often a message is halved until one alert is left. */
const mostHalvings = Math.ceil(Math.log2(mostInMessage))
/** What is not critical and could not be told for so long is of no use any more. */
const staleAfterMs = 24 * 60 * 60_000

/**
 * Takes alerts from the outbox to their receivers. Each channel is due work with a lease, so that several servers share
 * them and what one that died was at is taken over.
 */
export class Courier {
  readonly #context: SessionContext
  readonly #owner: string
  readonly #loop: WorkLoop
  /** What is being sent. */
  readonly #underWay = new Set<Promise<void>>()
  /** Why something could not be settled; told by the next look. */
  #failure: { readonly error: unknown } | undefined

  constructor(context: SessionContext) {
    this.#context = context
    this.#owner = newId('courier', context.random)
    this.#loop = new WorkLoop(context, {
      kinds: channelWorkKinds,
      owner: this.#owner,
      leaseMs,
      limit: atOnce,
      // Of a store that went back somebody has to be told, too.
      isIdle: () => context.alerting === undefined,
      // Each channel goes by itself: a receiver that does not answer holds up nobody else.
      doAll: async (claimed) => {
        for (const work of claimed) this.#begin(work)
      },
    })
  }

  /** Plans every channel, as after a change of the configuration. Before anything is sent. */
  async start(): Promise<void> {
    if (this.#context.alerting) await planChannels(this.#context)
  }

  /** Begins to send what is due by now, and waits for no receiver. @returns in how many milliseconds to look again */
  async begin(isStopped: () => boolean = () => false): Promise<number> {
    // A computer that slept has let its leases run out: what is under way here is not begun once more.
    if (this.#underWay.size > 0) await this.#context.store.prolongWork(this.#owner, leaseMs)
    const againMs = await this.#loop.look(isStopped)
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure.error
    return againMs
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  /** Sends what is due by now, to the last. @returns in how many milliseconds to look again */
  async look(isStopped: () => boolean = () => false): Promise<number> {
    for (;;) {
      const againMs = await this.begin(isStopped)
      if (this.#underWay.size === 0) return againMs
      await this.end()
    }
  }

  #begin(work: WorkRecord): void {
    const done = this.#do(work).catch((error: unknown) => {
      this.#failure ??= { error }
    })
    this.#underWay.add(done)
    void done.finally(() => this.#underWay.delete(done))
  }

  async #do(work: WorkRecord): Promise<void> {
    using _kept = prolonging(this.#context, this.#owner, leaseMs)
    try {
      const { store, vault } = this.#context
      const channel = await store.channels.byId(work.accountId).catch(() => undefined)
      if (!channel || !isGenuine(vault, 'alert_channels', channel))
        return await this.#settle(work, this.#done(work))
      await (work.kind === 'alert_check' ? this.#check(work, channel) : this.#send(work, channel))
    } catch (error) {
      // Somebody else is at it by now.
      if (!isBhorError(error, 'lease_lost')) throw error
    }
  }

  async #send(work: WorkRecord, channel: AlertChannelRecord): Promise<void> {
    const { store, clock } = this.#context
    const before = (await store.deliveries.of(channel.id)) ?? freshDelivery(channel.id)
    const batch = await this.#batch(channel, before)
    const { rows, gone } = batch
    const nowMs = clock.nowMs()
    const leftOut = before.leftOut + batch.stale
    if (rows.length === 0) {
      if (gone.length === 0) return this.#settle(work, this.#done(work))
      return this.#settle(work, this.#done(work), async (c) => {
        const tx = c.tell(told(channel, 'alert.deliver', 'ok', 0, { count: 0, leftOut: gone.length }))
        await tx.outbox.delete(gone)
        await tx.deliveries.set({ ...before, leftOut })
      })
    }
    const ids = rows.map(({ row }) => row.id)
    // Written down before anything is sent: whoever takes over waits his minute, and sends the same again.
    const tried = { ...before, triedAtMs: nowMs, trying: ids }
    await noteWork(this.#context, leaseOf(work), (tx) => tx.deliveries.set(tried))
    const alerts = rows.map(({ alert }) => alert)
    const message: AlertMessage = { id: messageId(ids), atMs: nowMs, alerts, leftOut }
    const sent = await this.#deliver(channel, (opened) => opened.send(message))
    const refused = isOfMessage(sent) ? this.#afterRefusal(rows, before) : undefined
    const delivery = refused?.isLeftOut ? leftOutOf(sent, rows) : sent
    // A refusal of one alert says nothing of the others: they wait for the pace alone.
    const outcome =
      refused && batch.ready > 1
        ? { failed: true, plannedAtMs: work.plannedAtMs, notBeforeMs: paceEndsMs(tried) }
        : this.#outcome(work, delivery, paceEndsMs(tried))
    const isDelivered = delivery.outcome === 'delivered'
    await this.#settle(work, outcome, async (c) => {
      const { outbox, deliveries, channels } = c.tell(
        told(channel, 'alert.deliver', delivery, before.failures, {
          count: ids.length,
          ...(leftOut > 0 ? { leftOut } : {}),
        }),
      )
      if (isDelivered) tellOfAccounts(c, channel, alerts)
      await outbox.delete([...(isDelivered ? ids : (refused?.taken ?? [])), ...gone])
      if (refused?.behind) await outbox.insert(refused.behind)
      const after = afterwards(tried, delivery, clock.nowMs())
      await deliveries.set(
        isDelivered
          ? { ...after, trying: [], leftOut: 0 }
          : { ...after, trying: refused?.trying ?? ids, leftOut },
      )
      const moved = isDelivered ? delivery.moved : undefined
      const stored = moved && (await c.reads.channels.byId(channel.id))
      if (moved && stored?.mac === channel.mac)
        await channels.update(amended(this.#context.vault, 'alert_channels', stored, { settings: moved }))
    })
  }

  /**
   * What is tried instead of a message that its receiver refuses: the half of it, down to one alert. That one waits behind all
   * others from then on; refused again by a receiver that took others meanwhile, it is left out.
   */
  #afterRefusal(rows: readonly Waiting[], { deliveredAtMs, failures }: DeliveryRecord): AfterRefusal {
    const ids = rows.map(({ row }) => row.id)
    const [one, other] = rows
    if (!one || other) return { trying: ids.slice(0, Math.ceil(ids.length / 2)), taken: [] }
    const atMs = refusedAtMs(one.row)
    const tookOthers = atMs !== undefined && deliveredAtMs !== null && deliveredAtMs >= atMs
    // One that has refused everything for a while may do so for another reason.
    if (tookOthers && failures <= mostHalvings) return { trying: [], taken: ids, isLeftOut: true }
    return { trying: [], taken: ids, behind: putBehind(this.#context, one.row, one.alert) }
  }

  /** Before the first reminder of a day: nothing that anybody sees where the protocol allows that. */
  async #check(work: WorkRecord, channel: AlertChannelRecord): Promise<void> {
    const { store, clock } = this.#context
    const delivery = await this.#deliver(channel, (opened) => opened.check())
    const before = (await store.deliveries.of(channel.id)) ?? freshDelivery(channel.id)
    const nowMs = clock.nowMs()
    const after = { ...afterwards(before, delivery, nowMs), deliveredAtMs: before.deliveredAtMs }
    // A fault of the morning is looked at again while there is time to do something about it.
    const isOver = delivery.outcome === 'delivered' || work.attempt >= mostChecks
    const checked = {
      ...after,
      deliveredCount: before.deliveredCount,
      checkedAtMs: isOver ? nowMs : before.checkedAtMs,
    }
    const outcome = isOver ? this.#done(work) : this.#outcome(work, delivery, nowMs + 5 * paceMs)
    await this.#settle(work, outcome, async (c) => {
      await c.tell(told(channel, 'alert.check', delivery, before.failures)).deliveries.set(checked)
    })
  }

  async #deliver(
    channel: AlertChannelRecord,
    use: (opened: ReturnType<typeof openChannel>) => Promise<Delivery>,
  ): Promise<Delivery> {
    try {
      return await use(openChannel(this.#context, channel))
    } catch (cause) {
      const { code, message } = toBhorError(cause)
      return { outcome: 'retry', code, text: message }
    }
  }

  /** What goes together now. */
  async #batch(channel: AlertChannelRecord, { trying }: DeliveryRecord) {
    const { store, clock } = this.#context
    const { records, damaged } = await store.outbox.of(channel.id, mostInMessage * 10)
    const nowMs = clock.nowMs()
    const read = records.map((row) => ({ row, alert: waitingAlert(this.#context, row) }))
    const forged = [
      ...read.filter(({ alert }) => alert === undefined).map(({ row }) => row.id),
      ...damaged.map(({ id }) => id),
    ]
    const sound = read.filter((one): one is Waiting => one.alert !== undefined)
    const isStale = ({ row }: Waiting) => row.severity !== 'critical' && nowMs - row.atMs >= staleAfterMs
    const stale = sound.filter(isStale).map(({ row }) => row.id)
    const quiet = isQuiet(channel.quiet, nowMs)
    const ready = sound.filter((one) => !isStale(one) && (!quiet || one.row.severity === 'critical'))
    const again = ready.filter(({ row }) => trying.includes(row.id))
    const unrefused = ready.filter(({ row }) => refusedAtMs(row) === undefined)
    const next = (unrefused.length > 0 ? unrefused : ready).slice(0, mostInMessage)
    const rows = again.length > 0 ? again : next
    return { rows, gone: [...forged, ...stale], stale: stale.length, ready: ready.length }
  }

  #outcome(work: WorkRecord, delivery: Delivery, notBeforeMs: number): WorkOutcome {
    const { plannedAtMs } = work
    if (delivery.outcome === 'delivered') return this.#done(work)
    const { clock, random } = this.#context
    const afterMs = delivery.outcome === 'retry' ? delivery.afterMs : undefined
    const error = new BhorError(
      delivery.code,
      delivery.text,
      afterMs === undefined ? {} : { retryAfterMs: afterMs },
    )
    const againMs = Math.max(notBefore(random, clock.nowMs(), work, error), notBeforeMs)
    return { failed: true, plannedAtMs, notBeforeMs: againMs }
  }

  /** What is due again for the same time has changed nothing: it is not repeated at once. */
  #done({ plannedAtMs }: WorkRecord): WorkOutcome {
    return { failed: false, plannedAtMs, notBeforeMs: this.#context.clock.nowMs() + paceMs }
  }

  #settle(work: WorkRecord, outcome: WorkOutcome, also?: (c: Change) => Promise<void>): Promise<void> {
    return settleWork(this.#context, leaseOf(work), outcome, also)
  }
}

/** How often a look that failed is repeated in a morning. */
const mostChecks = 3

interface Waiting {
  readonly row: OutboxRecord
  readonly alert: Alert
}

interface AfterRefusal {
  /** By ids of the outbox; empty for what comes next. */
  readonly trying: readonly string[]
  /** The rows that are taken out of the outbox, and one that is put in for them. */
  readonly taken: readonly string[]
  readonly behind?: OutboxRecord
  readonly isLeftOut?: boolean
}

/** Whether the receiver refuses what was sent, as far as it says: an address or a login that is wrong is another code. */
function isOfMessage(delivery: Delivery): boolean {
  return delivery.outcome === 'refused' && delivery.code === 'channel_receiver_refused'
}

function leftOutOf(delivery: Delivery, rows: readonly Waiting[]): Delivery {
  if (delivery.outcome === 'delivered') return delivery
  const titles = rows.map(({ alert }) => `“${alert.title}”`).join(', ')
  return { ...delivery, text: `${delivery.text} It takes others; left out was ${titles}.` }
}

/** The same for the same alerts: a receiver that has them already can tell. */
function messageId(ids: readonly string[]): string {
  return `msg_${hash('sha256', ids.join(' '), 'hex').slice(0, 32)}`
}

/** What each account's own record says: which alert about it has reached whom. */
function tellOfAccounts(
  c: Pick<Change, 'tell'>,
  { id, name }: AlertChannelRecord,
  alerts: readonly Alert[],
): void {
  for (const { account, kind, title } of alerts) {
    if (!account) continue
    const detail = { id, channel: name, alert: kind, title }
    c.tell({ actor: keeper.actor, action: 'alert.tell', result: 'ok', account, detail })
  }
}

/** A channel that has failed so often in a row is not well. */
export const failingFrom = 3

function told(
  { id, name }: AlertChannelRecord,
  action: 'alert.deliver' | 'alert.check',
  delivery: Delivery | 'ok',
  failures: number,
  more: Readonly<Record<string, number>> = {},
) {
  const { actor } = keeper
  const detail = { id, channel: name, ...more }
  if (delivery === 'ok' || delivery.outcome === 'delivered')
    return { actor, action, result: 'ok', detail } as const
  const { code, text, outcome } = delivery
  // A receiver that is away for a moment is no trouble yet.
  const isFailing = outcome === 'refused' || failures + 1 >= failingFrom
  return {
    actor,
    action,
    result: 'failed',
    code,
    detail: { ...detail, isFailing, said: printable(text) },
  } as const
}

export function afterwards(before: DeliveryRecord, delivery: Delivery, nowMs: number): DeliveryRecord {
  if (delivery.outcome === 'delivered')
    return { ...before, deliveredAtMs: nowMs, failures: 0, deliveredCount: before.deliveredCount + 1 }
  return {
    ...before,
    failedAtMs: nowMs,
    failureCode: delivery.code,
    failureText: printable(delivery.text),
    failures: before.failures + 1,
    failedCount: before.failedCount + 1,
  }
}

export function freshDelivery(channelId: string): DeliveryRecord {
  return {
    channelId,
    triedAtMs: null,
    trying: [],
    deliveredAtMs: null,
    failedAtMs: null,
    failureCode: '',
    failureText: '',
    failures: 0,
    checkedAtMs: null,
    deliveredCount: 0,
    failedCount: 0,
    leftOut: 0,
  }
}
