import type { BrowserView } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/audit.ts'
import type { BrowserRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { type Change, change, type EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, isGenuine, proven, soundOf, stamped } from '../ground/records.ts'
import { keeper, type Principal, requireFresh, requirePerson } from '../ground/rights.ts'
import { refuseRolledBack } from '../ground/rollback.ts'
import type { Confirmations } from './confirmations.ts'
import { endOf, noteEveryMs, type Staying, usualStaying } from './limits.ts'
import { isPublicKey, isSignedReturn, type ReturnWish } from './return-proof.ts'

const ends: ReadonlySet<AuditAction> = new Set(['desk.revoke', 'desk.sign_out'])

/** More than a household has; the one that was not used for longest makes room. */
const mostBrowsers = 20

/**
 * The browsers that are signed in to the page. A row says who it is and until when; what a page shows with each request
 * is the door's matter (`http/sign-ins.ts`) and lives no longer than the server does.
 */
export class Browsers {
  readonly #context: SessionContext
  readonly #confirmations: Confirmations
  readonly #staying: Staying
  /** As they were read last, since the last change. */
  readonly #known = new Map<string, BrowserRecord>()
  /** As they were when the store was known to be the latest: what may have gone back later is not believed of them. */
  readonly #proven = new Map<string, BrowserRecord>()
  /** Also those of which a store that went back takes no row: they end with this run. */
  readonly #unstored = new Map<string, BrowserRecord>()
  readonly #usedMs = new Map<string, number>()

  constructor(context: SessionContext, confirmations: Confirmations) {
    this.#context = context
    this.#confirmations = confirmations
    this.#staying = context.staying ?? usualStaying
    context.feed.subscribe((events) => {
      this.#known.clear()
      if (events.some(({ action }) => ends.has(action))) this.#proven.clear()
    })
  }

  /** Whether a browser may stay signed in past its tab. */
  get isKept(): boolean {
    return this.#staying.isKept
  }
  endOf(record: BrowserRecord): number {
    return endOf(this.#staying, { ...record, lastUsedAtMs: this.#usedAtMs(record) })
  }
  /** When it ends however much it is used. */
  longestEndOf({ startedAtMs }: BrowserRecord): number {
    return startedAtMs + this.#staying.longestMs
  }
  /** A secret of the page and the server by which the page knows the server again. */
  proofKeyOf(id: string): string {
    return this.#context.vault.fingerprint('desk-proof', id)
  }

  /** Somebody followed a one-time link. `host` is the desk's own address. */
  async signIn({ id, name, cookieHash, host }: Pick<BrowserRecord, 'id' | 'name' | 'cookieHash' | 'host'>) {
    const context = this.#context
    const nowMs = context.clock.nowMs()
    const times = { startedAtMs: nowMs, lastUsedAtMs: nowMs }
    const draft = { id, name, cookieHash, host, publicKey: '', toldBy: '', ...times }
    const record = stamped(context.vault, 'browsers', draft)
    const event = {
      actor: { kind: 'desk', id },
      action: 'desk.sign_in',
      result: 'ok',
      detail: { name },
    } as const
    try {
      await change(context, async (c) => {
        await this.#makeRoom(c)
        await c.tell(event).browsers.insert(record)
      })
    } catch (error) {
      if (!isBhorError(error, 'store_rolled_back')) throw error
      // Whoever runs bhor must still see on the page what is wrong with it.
      await context.audit.record({ ...event, atMs: nowMs })
      this.#unstored.set(id, record)
    }
    await this.#confirmations.signedIn(id)
    return record
  }

  /**
   * The sign-in with this id, as long as it lasts. `isActivity` is false for what only waits for news.
   *
   * @throws BhorError `sign_in_needed`, `store_…`
   */
  async check(id: string, isActivity = false): Promise<BrowserRecord> {
    const record = await this.#recordOf(id)
    if (!record || this.isOver(record)) throw signedOut()
    if (isActivity) await this.#used(record)
    return record
  }
  isOver(record: BrowserRecord): boolean {
    return this.#context.clock.nowMs() >= this.endOf(record)
  }

  /** Gives a browser the key by which it comes back. `host` is where the browser keeps it. */
  async keep(
    principal: Principal,
    { host, publicKey }: Pick<BrowserRecord, 'host' | 'publicKey'>,
  ): Promise<void> {
    requirePerson(principal)
    if (!isPublicKey(publicKey))
      throw new BhorError('bad_field', 'That is no key of a browser.', { facts: { field: 'publicKey' } })
    const { actor } = principal
    await change(this.#context, async (c) => {
      const before = await this.#stored(c, actor.id)
      if (before.publicKey !== '') return
      const tx = c.tell({ actor, action: 'desk.keep', result: 'ok' })
      await tx.browsers.update(
        amended(this.#context.vault, 'browsers', before, { host, publicKey, toldBy: '' }),
      )
    })
  }

  /**
   * Notes that where a browser keeps its key is told now, by this run of the server. While bhor does not run, anybody may
   * listen at its port: so an address that an earlier run has told counts no more, and neither does the key there.
   *
   * @throws BhorError `no_way_back`
   */
  async tellHost(id: string, run: string): Promise<BrowserRecord> {
    const context = this.#context
    const told = await change(context, async (c) => {
      const before = await this.#stored(c, id, noWayBack)
      if (this.isOver(before) || before.publicKey === '') throw noWayBack()
      if (before.toldBy === run) return before
      if (before.toldBy !== '') {
        await this.#end(c, keeper, id, { why: 'address_told' })
        return undefined
      }
      const tx = c.tell({ actor: { kind: 'desk', id }, action: 'desk.return_start', result: 'ok' })
      const after = amended(context.vault, 'browsers', before, { toldBy: run })
      await tx.browsers.update(after)
      return after
    })
    if (!told) throw noWayBack()
    return told
  }

  /**
   * A browser has shown its key. It gets another one at another address, since this one was told.
   *
   * @param told as it was when this run told where the key is
   * @returns where another tab was faster, with the key that this one has got: what both were told counted for both
   * @throws BhorError `no_way_back`
   */
  async comeBack(
    told: BrowserRecord,
    wish: ReturnWish & { readonly nextHost: string },
    signature: string,
  ): Promise<BrowserRecord> {
    const context = this.#context
    const { id } = told
    const actor = { kind: 'desk', id } as const
    const isSigned = isPublicKey(wish.nextKey) && isSignedReturn(told.publicKey, wish, signature)
    if (!isSigned) {
      const refusal = { actor, action: 'desk.return', result: 'refused', code: 'no_way_back' } as const
      await context.refusals.record({ ...refusal, detail: { why: 'signature' } })
      throw noWayBack()
    }
    return change(context, async (c) => {
      const before = await this.#stored(c, id, noWayBack)
      if (this.isOver(before)) throw noWayBack()
      const isFirst = before.publicKey === told.publicKey
      const next = isFirst ? { publicKey: wish.nextKey, host: wish.nextHost, toldBy: '' } : {}
      const lastUsedAtMs = context.clock.nowMs()
      const after = amended(context.vault, 'browsers', before, { ...next, lastUsedAtMs })
      await c.tell({ actor, action: 'desk.return', result: 'ok' }).browsers.update(after)
      return after
    })
  }

  async list(principal: Principal): Promise<BrowserView[]> {
    requirePerson(principal)
    const { store, vault } = this.#context
    const { records, damaged } = await store.browsers.list()
    const live = records
      .filter((record) => isGenuine(vault, 'browsers', record) && !this.isOver(record))
      .toSorted((a, b) => this.#usedAtMs(b) - this.#usedAtMs(a))
    const forged = records.filter((record) => !isGenuine(vault, 'browsers', record))
    const view = (record: BrowserRecord): BrowserView => ({
      id: record.id,
      name: record.name,
      startedAt: iso(record.startedAtMs),
      lastUsedAt: iso(this.#usedAtMs(record)),
      expiresAt: iso(this.endOf(record)),
      isKept: record.publicKey !== '',
      isThis: record.id === principal.actor.id,
      isDamaged: false,
    })
    const lost = ({ id, name }: { id: string; name: string }): BrowserView => {
      const never = { startedAt: null, lastUsedAt: null, expiresAt: null }
      return { id, name, ...never, isKept: false, isThis: false, isDamaged: true }
    }
    return [...[...this.#unstored.values(), ...live].map(view), ...[...forged, ...damaged].map(lost)]
  }

  /** Signs one browser out, also one whose row is damaged. @throws BhorError `browser_not_found` */
  async revoke(principal: Principal, id: string): Promise<void> {
    requirePerson(principal)
    if (this.#unstored.delete(id)) return
    await change(this.#context, async (c) => {
      const { records, damaged } = await c.reads.browsers.list()
      if (![...records, ...damaged].some((known) => known.id === id)) throw new BhorError('browser_not_found')
      await this.#end(c, principal, id, {})
    })
  }

  /** Signs every browser out. @returns how many there were */
  async revokeAll(principal: Principal): Promise<number> {
    requirePerson(principal)
    requireFresh(this.#context, principal, 'browsers.revoke_all')
    const unstored = this.#unstored.size
    this.#unstored.clear()
    return change(this.#context, async (c) => {
      const { records, damaged } = await c.reads.browsers.list()
      const all = [...records, ...damaged]
      for (const { id } of all) await this.#end(c, principal, id, {})
      return unstored + all.length
    })
  }

  /** Removes those whose time is over, and those without a key that `isGone` says nobody can show any more. */
  async tidy(isGone: (record: BrowserRecord) => boolean = () => false): Promise<void> {
    const { store, vault } = this.#context
    const isOld = (record: BrowserRecord) =>
      this.isOver(record) || (record.publicKey === '' && !this.#unstored.has(record.id) && isGone(record))
    if (!soundOf(vault, 'browsers', await store.browsers.list()).some(isOld)) return
    await change(this.#context, async (c) => {
      for (const record of soundOf(vault, 'browsers', await c.reads.browsers.list())) {
        const why = this.isOver(record) ? 'time' : 'restart'
        if (isOld(record)) await this.#end(c, keeper, record.id, { why })
      }
    })
  }

  /** @throws BhorError `sign_in_needed`, `store_…` */
  async #recordOf(id: string): Promise<BrowserRecord | undefined> {
    const { store, feed, vault } = this.#context
    const unstored = this.#unstored.get(id) ?? this.#known.get(id)
    if (unstored) return unstored
    const { version } = feed
    const record = await store.browsers.byId(id)
    if (record) proven(vault, 'browsers', record)
    if (store.rollback()) {
      // It may have been revoked in what the store has lost. Who was in before still sees what is wrong.
      const before = this.#proven.get(id)
      if (!before) refuseRolledBack(this.#context)
      return before
    }
    if (record) this.#proven.set(id, record)
    else this.#proven.delete(id)
    // Other servers change a shared store without this one's knowing.
    if (record && !store.isShared && version === feed.version) this.#known.set(id, record)
    return record
  }
  async #stored(c: Change, id: string, missing = signedOut): Promise<BrowserRecord> {
    const record = await c.reads.browsers.byId(id)
    if (!record) throw missing()
    return proven(this.#context.vault, 'browsers', record)
  }

  /** The store knows it only now and then. */
  #usedAtMs({ id, lastUsedAtMs }: BrowserRecord): number {
    return Math.max(lastUsedAtMs, this.#usedMs.get(id) ?? 0)
  }
  async #used(record: BrowserRecord): Promise<void> {
    const context = this.#context
    const { id } = record
    const nowMs = context.clock.nowMs()
    this.#usedMs.set(id, nowMs)
    if (this.#unstored.has(id) || nowMs - record.lastUsedAtMs < noteEveryMs(this.#staying)) return
    await change(context, async (c) => {
      const before = await this.#stored(c, id)
      if (nowMs - before.lastUsedAtMs < noteEveryMs(this.#staying)) return
      const tx = c.tell({ actor: { kind: 'desk', id }, action: 'desk.use', result: 'ok' })
      await tx.browsers.update(amended(context.vault, 'browsers', before, { lastUsedAtMs: nowMs }))
      // A store that takes nothing signs nobody out: what is asked for will say what is wrong.
    }).catch(() => {})
  }

  async #makeRoom(c: Change): Promise<void> {
    const { records, damaged } = await c.reads.browsers.list()
    const over = records.length + damaged.length + 1 - mostBrowsers
    const oldestFirst = [...damaged, ...records.toSorted((a, b) => this.#usedAtMs(a) - this.#usedAtMs(b))]
    for (const { id } of oldestFirst.slice(0, Math.max(over, 0)))
      await this.#end(c, keeper, id, { why: 'too_many' })
  }
  async #end(c: Change, { actor }: Principal, id: string, detail: EventDetail): Promise<void> {
    this.#confirmations.forget(id)
    this.#proven.delete(id)
    this.#usedMs.delete(id)
    const isOwn = actor.kind === 'desk' && actor.id === id
    const action = isOwn ? 'desk.sign_out' : 'desk.revoke'
    const tx = c.tell({ actor, action, result: 'ok', detail: isOwn ? detail : { browser: id, ...detail } })
    await tx.browsers.delete(id)
  }
}

function signedOut(): BhorError {
  return new BhorError('sign_in_needed', 'You are not signed in, or not any more.')
}

function noWayBack(): BhorError {
  return new BhorError('no_way_back')
}
