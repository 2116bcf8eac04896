import { botWorkKinds, type WorkRecord } from '../../contracts/work.ts'
import { type BhorError, toBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { printable } from '../../core/redact.ts'
import { failingFrom } from '../alerts/courier.ts'
import { change, noteWork, planBot, settleWork } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { notBefore } from '../ground/retries.ts'
import { keeper } from '../ground/rights.ts'
import { leaseOf, longestLookMs, prolonging } from '../keeper/work-loop.ts'
import type { Means } from './acts.ts'
import { botsOf, type HeardBot } from './bots.ts'
import { Hearing } from './hearing.ts'
import { type Memory, memoryFrom, memoryName, memoryText, nextOf } from './memory.ts'

/** Held for as long as the listener lives; one that died is replaced after this. */
const leaseMs = 90_000
/** Two who take the bot from each other do so each minute at most. */
const afterConflictMs = 60_000

/**
 * Listens to the bots: one poller for each, on one of the servers of a store. Where it is, is written down after each update, so
 * that whoever listens next handles none twice and leaves none out.
 */
export class Listener {
  readonly #context: SessionContext
  readonly #hearing: Hearing
  readonly #owner: string
  readonly #tended = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>()
  #looking: Promise<number> | undefined
  #isEnded = false

  constructor(means: Means) {
    this.#context = means.context
    this.#hearing = new Hearing(means)
    this.#owner = newId('listener', means.context.random)
  }

  /** Begins to listen to each bot that nobody listens to. @returns in how many milliseconds to look again */
  look(): Promise<number> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Stops at once; what was heard and is being done is done first. */
  async end(): Promise<void> {
    this.#isEnded = true
    await this.#looking?.catch(() => {})
    for (const { stop } of this.#tended.values()) stop.abort()
    await Promise.all([...this.#tended.values()].map(({ ended }) => ended))
  }

  async #look(): Promise<number> {
    const context = this.#context
    const { store, clock, alerting } = context
    if (!alerting || this.#isEnded || store.rollback()) return longestLookMs
    const bots = await botsOf(context)
    for (const [id, { stop }] of this.#tended) if (!bots.has(id)) stop.abort()
    for (const id of bots.keys()) if ((await store.work.of(id)).length === 0) await planBot(context, id, true)
    const isDue = ((await store.work.next(botWorkKinds)) ?? Number.POSITIVE_INFINITY) <= clock.nowMs()
    const claim = { owner: this.#owner, nowMs: clock.nowMs(), leaseMs, limit: 16, kinds: botWorkKinds }
    // A computer that slept has let its leases run out: what nobody has taken meanwhile goes on as it is.
    if (isDue && this.#tended.size > 0) await store.prolongWork(this.#owner, leaseMs)
    for (const work of isDue ? await store.claimWork(claim) : []) this.#begin(work)
    const nextMs = await store.work.next(botWorkKinds)
    return Math.min(Math.max((nextMs ?? clock.nowMs() + longestLookMs) - clock.nowMs(), 1_000), longestLookMs)
  }

  /** Whoever listens to the bot here by a lease that is over ends first. */
  #begin(work: WorkRecord): void {
    const id = work.accountId
    const before = this.#tended.get(id)
    before?.stop.abort()
    const stop = new AbortController()
    const ended = (before?.ended ?? Promise.resolve())
      .then(() => this.#tend(work, stop.signal))
      .finally(() => {
        if (this.#tended.get(id) === tended) this.#tended.delete(id)
      })
    const tended = { stop, ended }
    this.#tended.set(id, tended)
  }

  /** Listens for as long as the bot, the lease and this server are there. Never throws. */
  async #tend(work: WorkRecord, signal: AbortSignal): Promise<void> {
    const context = this.#context
    const { plannedAtMs } = work
    const settle = (failed: boolean, notBeforeMs = 0) =>
      settleWork(context, leaseOf(work), { failed, plannedAtMs, notBeforeMs })
    try {
      const isOver = await this.#listen(work, signal)
      if (isOver) await planBot(context, work.accountId, false)
      await settle(false)
    } catch (error) {
      const cause = toBhorError(error)
      // Somebody else listens by now.
      if (cause.code === 'lease_lost') return
      const againMs = Math.max(
        notBefore(context.random, context.clock.nowMs(), work, cause),
        context.clock.nowMs() + (cause.code === 'channel_receiver_refused' ? afterConflictMs : 0),
      )
      // A store that takes nothing now lets the lease run out.
      await this.#tellTrouble(work, cause).catch(() => {})
      await settle(true, againMs).catch(() => {})
    }
  }

  /** @returns whether nobody needs the bot any more; false when it was only stopped */
  async #listen(work: WorkRecord, signal: AbortSignal): Promise<boolean> {
    const context = this.#context
    const { store, clock } = context
    using _lease = prolonging(this.#context, this.#owner, leaseMs)
    const id = work.accountId
    let memory = memoryFrom(await store.meta.get(memoryName(id)))
    let name: string | undefined
    for (;;) {
      const heard = (await botsOf(context)).get(id)
      if (!heard) return true
      if (signal.aborted) return false
      name ??= await heard.bot.name()
      const next = nextOf(memory, clock.nowMs())
      const updates = await heard.bot.hear(next, signal).catch((error: unknown) => {
        if (signal.aborted) return []
        throw error
      })
      if (memory.isFailing && !signal.aborted) memory = await this.#tellWell(work, heard, memory)
      for (const update of updates) {
        if (update.id < next || signal.aborted) continue
        const now = (await botsOf(context)).get(id)
        if (!now) return true
        await this.#hearing.hear(now, name, update, signal)
        memory = { ...memory, next: update.id + 1, atMs: clock.nowMs() }
        await this.#note(work, memory)
      }
    }
  }

  #note(work: WorkRecord, memory: Memory): Promise<void> {
    const name = memoryName(work.accountId)
    return noteWork(this.#context, leaseOf(work), ({ meta }) => meta.set(name, memoryText(memory)))
  }

  /** Says once that nobody listens: at once where somebody has to do something, else after some failures in a row. */
  async #tellTrouble(work: WorkRecord, { code, message, hint }: BhorError): Promise<void> {
    const context = this.#context
    const { accountId: bot, attempt } = work
    const memory = memoryFrom(await context.store.meta.get(memoryName(bot)))
    const isPassing = code === 'channel_unavailable' && attempt + 1 < failingFrom
    if (memory.isFailing || isPassing || !code.startsWith('channel_')) return
    const channels = namesOf((await botsOf(context)).get(bot))
    const detail = { bot, channels, isFailing: true, said: printable(`${message} ${hint}`, 300) }
    await change({ ...context, lease: leaseOf(work) }, async (c) => {
      const event = { actor: keeper.actor, action: 'chat.listen', result: 'failed', code, detail } as const
      await c.tell(event).meta.set(memoryName(bot), memoryText({ ...memory, isFailing: true }))
    })
  }

  async #tellWell(work: WorkRecord, heard: HeardBot, memory: Memory): Promise<Memory> {
    const well = { ...memory, isFailing: false }
    const { accountId: bot } = work
    const detail = { bot, channels: namesOf(heard) }
    await change({ ...this.#context, lease: leaseOf(work) }, async (c) => {
      const event = { actor: keeper.actor, action: 'chat.listen', result: 'ok', detail } as const
      await c.tell(event).meta.set(memoryName(bot), memoryText(well))
    })
    return well
  }
}

function namesOf(heard: HeardBot | undefined): string {
  return heard?.channels.map(({ name }) => name).join(', ') ?? ''
}
