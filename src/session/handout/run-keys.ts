import type { RunStarted } from '../../contracts/api.ts'
import type { ClientKeyRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, proven, soundOf } from '../ground/records.ts'
import { hasRight, keeper, type Principal, requireRight } from '../ground/rights.ts'
import { type ClientKeys, madeByOrThrough } from './client-keys.ts'

/** So long a key outlives the connection that holds it: a desk that is started again has to be found first. */
const outlivesMs = 30_000
/** The end of a key whose server has died with its run; whoever holds one prolongs it when half of that is over. */
const lastsMs = 24 * 60 * 60_000

/**
 * Keys for one run of a program each. Such a key counts for as long as whoever started the program is connected, and a
 * little longer; so it ends with him, however he ends. What has ended is deleted: the record tells of it.
 */
export class RunKeys {
  readonly #context: SessionContext
  readonly #keys: ClientKeys
  /** This server, among those of a store. */
  readonly #server: string
  /** How many connections hold a key, by its id. */
  readonly #holds = new Map<string, number>()
  /** When a key ends that nobody holds, by the monotonic clock. */
  readonly #endings = new Map<string, number>()
  #hasLookedBack = false

  constructor(context: SessionContext, keys: ClientKeys) {
    this.#context = context
    this.#keys = keys
    this.#server = newId('server', context.random)
  }

  /**
   * A key for a program that is about to be started; it has to be held soon.
   *
   * @throws BhorError `account_not_found`, `scope_missing`, `bad_field`
   */
  async start(
    principal: Principal,
    alias: string,
    name: string,
  ): Promise<Omit<RunStarted, 'url' | 'key' | 'session'> & { key: Secret }> {
    const context = this.#context
    const account = await accountFor(context, principal, 'read-token', alias)
    const endsAtMs = context.clock.nowMs() + lastsMs
    const { record, key } = await this.#keys.addForRun(principal, account, {
      name,
      heldBy: this.#server,
      endsAtMs,
    })
    this.#endings.set(record.id, context.clock.monotonicMs() + outlivesMs)
    const { environment } = await context.broker(account.broker)
    const handedOut = ['accessToken', 'apiKey', 'userId']
    const names = Object.entries(environment?.names ?? {}).filter(([field]) => handedOut.includes(field))
    return {
      account: account.alias,
      broker: account.broker,
      kind: account.kind,
      run: record.id,
      key,
      variables: Object.fromEntries(names.map(([field, known]) => [field, [...known]])),
    }
  }

  /** Holds a key until the signal aborts. @throws BhorError `key_not_found` */
  async hold(principal: Principal, id: string, signal: AbortSignal): Promise<void> {
    const key = await this.#ofCaller(principal, id)
    if (key.heldBy !== this.#server) await this.#take(key)
    if (signal.aborted) return
    this.#holds.set(id, (this.#holds.get(id) ?? 0) + 1)
    this.#endings.delete(id)
    signal.addEventListener('abort', () => this.#release(id), { once: true })
  }

  /** The run is over. @throws BhorError `key_not_found` */
  async end(principal: Principal, id: string): Promise<void> {
    await this.#ofCaller(principal, id)
    await this.#end(principal, id, {})
    this.#endings.delete(id)
  }

  /** Ends what nobody holds, and prolongs what somebody does. */
  async look(): Promise<void> {
    const { store, clock } = this.#context
    if (!this.#hasLookedBack) await this.#lookBack()
    for (const [id, atMs] of this.#endings) {
      if (clock.monotonicMs() < atMs || this.#holds.has(id)) continue
      const key = await store.keys.byId(id)
      const isOver = key?.expiresAtMs != null && key.expiresAtMs <= clock.nowMs()
      // Another server may hold it by now.
      const isOurs = !store.isShared || key?.heldBy === this.#server || isOver
      if (key && isOurs) await this.#end(keeper, id, { why: 'nobody holds it' })
      this.#endings.delete(id)
    }
    for (const id of this.#holds.keys()) {
      const key = await store.keys.byId(id)
      if (key && (key.expiresAtMs ?? 0) - clock.nowMs() < lastsMs / 2) await this.#take(key)
    }
  }

  /** What runs of before have left: the only server of a store ends it, unless they come back. */
  async #lookBack(): Promise<void> {
    const { store, vault, clock } = this.#context
    const keys = soundOf(vault, 'client_keys', await store.keys.list()).filter(
      ({ heldBy }) => heldBy !== null,
    )
    this.#hasLookedBack = true
    for (const { id, expiresAtMs } of keys) {
      const isOver = expiresAtMs !== null && expiresAtMs <= clock.nowMs()
      if (store.isShared && !isOver) continue
      if (!this.#endings.has(id) && !this.#holds.has(id))
        this.#endings.set(id, clock.monotonicMs() + outlivesMs)
    }
  }

  #release(id: string): void {
    const left = (this.#holds.get(id) ?? 0) - 1
    if (left > 0) return void this.#holds.set(id, left)
    this.#holds.delete(id)
    this.#endings.set(id, this.#context.clock.monotonicMs() + outlivesMs)
  }

  /** From now on it is held here, and lasts again; never longer than the key that made it. */
  async #take({ id }: ClientKeyRecord): Promise<void> {
    const { vault, clock } = this.#context
    await change(this.#context, async (c) => {
      const key = await c.reads.keys.byId(id)
      if (!key || key.revokedAtMs !== null) return
      const maker = key.madeBy === null ? undefined : await c.reads.keys.byId(key.madeBy)
      const expiresAtMs = Math.min(clock.nowMs() + lastsMs, maker?.expiresAtMs ?? Number.POSITIVE_INFINITY)
      const held = amended(vault, 'client_keys', key, { heldBy: this.#server, expiresAtMs })
      const detail = { key: id }
      await c.tell({ actor: keeper.actor, action: 'key.hold', result: 'ok', detail }).keys.update(held)
    })
  }

  /** With it end the runs that it has started. */
  async #end(principal: Principal, id: string, why: { readonly why?: string }): Promise<void> {
    await change(this.#context, async (c) => {
      const { records } = await c.reads.keys.list()
      const key = records.find((each) => each.id === id)
      if (!key) return
      for (const each of [key, ...madeByOrThrough(id, records)]) {
        const detail = { key: each.id, run: true, ...(each.id === id ? why : { with: id }) }
        await c
          .tell({ actor: principal.actor, action: 'key.revoke', result: 'ok', detail })
          .keys.delete(each.id)
      }
    })
  }

  /** Whoever manages keys, whoever started the run, and the run itself. */
  async #ofCaller(principal: Principal, id: string): Promise<ClientKeyRecord> {
    requireRight(principal, 'read-token', 'own')
    const { store, vault } = this.#context
    const record = await store.keys.byId(id)
    const key = record && record.heldBy !== null ? proven(vault, 'client_keys', record) : undefined
    const { kind, id: caller } = principal.actor
    const isOwn = kind === 'key' && (caller === id || caller === key?.madeBy)
    if (key && key.revokedAtMs === null && (isOwn || hasRight(principal, 'admin', 'house'))) return key
    throw new BhorError('key_not_found', 'There is no run with this id.')
  }
}
