import type { VaultView } from '../../contracts/api.ts'
import { masterKeyIdName } from '../../contracts/secrets.ts'
import type { KeyringRecord, SealedRow } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { keeper, type Principal, requireConfirmed, requireRight } from '../ground/rights.ts'
import { isUnderWay, reseal } from './resealing.ts'

/** Rows of one commit: some milliseconds, between two of which everybody else gets his turn. */
const rowsAtOnce = 50
/** Logins that are under way are over by then, or the next look finds others. */
const lookAgainMs = 60_000

/**
 * The data key of the vault, and its replacement. What is stored says how far that is: as long as a retired key is in the
 * ring, something may need it. So it goes on after a kill, and on any server.
 */
export class DataKeys {
  readonly #context: SessionContext
  /** Rows that cannot be read or believed, as far as this process has met them. */
  readonly #damaged = new Map<string, SealedRow>()
  #waiting = 0

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** @throws BhorError `scope_missing` */
  async state(principal: Principal): Promise<VaultView> {
    requireRight(principal, 'admin', 'house')
    const { store, vault } = this.#context
    const keys = dataKeys(await store.keyring.list())
    const current = keys.findLast(isInUse)
    const retired = keys.filter((key) => !isInUse(key)).map(({ id }) => id)
    return {
      master: vault.masterKeySource,
      key: current?.id ?? '',
      since: iso(current?.createdAtMs ?? 0),
      rotation:
        retired.length === 0
          ? null
          : {
              keys: retired,
              left: await store.seals.count(retired),
              waiting: this.#waiting,
              damaged: this.#damaged.size,
            },
    }
  }

  /**
   * Replaces the data key: from this commit on everything is sealed by a new one, on every server. What was sealed before
   * follows. Asked again meanwhile, it says how far that is.
   *
   * @throws BhorError `scope_missing`, `confirmation_needed`
   */
  async rotate(principal: Principal): Promise<VaultView> {
    const context = this.#context
    requireConfirmed(context, principal, 'vault.rotate')
    const { vault, clock } = context
    await change(context, async (c) => {
      const keys = dataKeys(await c.reads.keyring.list())
      if (!keys.every(isInUse)) return
      refuseOtherMaster(await c.reads.meta.get(masterKeyIdName), vault.masterKeyId)
      const nowMs = clock.nowMs()
      const key = vault.newDataKey(nowMs)
      const tx = c.tell({
        actor: principal.actor,
        action: 'vault.rotate',
        result: 'ok',
        detail: { key: key.id },
      })
      await tx.keyring.insert(key)
      for (const before of keys) await tx.keyring.update({ ...before, retiredAtMs: nowMs })
    })
    vault.learn(await context.store.keyring.list())
    return this.state(principal)
  }

  /**
   * Seals anew what is sealed by retired keys, and removes those that nothing needs any more. Does nothing where there are
   * none.
   *
   * @returns in how many milliseconds to look again, if at all
   */
  async goOn(isStopped: () => boolean = () => false): Promise<number | undefined> {
    const { store, vault } = this.#context
    if (vault.retiredKeyIds.length === 0 || store.rollback()) return undefined
    // Another server may have finished.
    vault.learn(await store.keyring.list())
    const retired = vault.retiredKeyIds
    this.#waiting = 0
    this.#damaged.clear()
    for (let after: SealedRow | undefined; !isStopped(); ) {
      const rows = await store.seals.under(retired, rowsAtOnce, after)
      if (rows.length > 0) await this.#sealAll(rows)
      after = rows.at(-1)
      if (rows.length < rowsAtOnce) break
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (!isStopped()) await this.#retire()
    return vault.retiredKeyIds.length === 0 ? undefined : lookAgainMs
  }

  /** All in one commit; one by one where a row among them is damaged. */
  async #sealAll(rows: readonly SealedRow[]): Promise<void> {
    try {
      await this.#seal(rows)
    } catch (error) {
      if (!isBhorError(error, 'store_damaged') && !isBhorError(error, 'seal_broken')) throw error
      const [first] = rows
      if (rows.length > 1) for (const row of rows) await this.#sealAll([row])
      else if (first) this.#damaged.set(`${first.table}/${first.id}`, first)
    }
  }

  async #seal(rows: readonly SealedRow[]): Promise<void> {
    const context = this.#context
    const waiting = await change(context, async (c) => {
      const nowMs = context.clock.nowMs()
      const ready: SealedRow[] = []
      for (const row of rows) if (!(await isUnderWay(row, c.reads, nowMs))) ready.push(row)
      if (ready.length === 0) return rows.length
      const detail = { rows: ready.length, key: context.vault.keyId }
      const tx = c.tell({ actor: keeper.actor, action: 'vault.reseal', result: 'ok', detail })
      for (const row of ready) await reseal(row, { vault: context.vault, reads: c.reads, tx })
      return rows.length - ready.length
    })
    this.#waiting += waiting
  }

  /** Removes the retired keys that seal nothing any more; in its own commit nothing can have come in between. */
  async #retire(): Promise<void> {
    const context = this.#context
    await change(context, async (c) => {
      for (const { id, retiredAtMs } of dataKeys(await c.reads.keyring.list())) {
        if (retiredAtMs === null || (await c.reads.seals.count([id])) > 0) continue
        const tx = c.tell({ actor: keeper.actor, action: 'vault.retire', result: 'ok', detail: { key: id } })
        await tx.keyring.delete(id)
      }
    })
    context.vault.learn(await context.store.keyring.list())
  }
}

/** A key that is sealed by a master key of before could not be opened at the next start. */
function refuseOtherMaster(stored: string | undefined, own: string): void {
  if (stored === own) return
  throw new BhorError('key_wrong', 'The master key was changed by another server.', {
    hint: 'Give this server the new master key, and start it again.',
  })
}

function dataKeys(records: readonly KeyringRecord[]): readonly KeyringRecord[] {
  return records.filter(({ purpose }) => purpose === 'data')
}

function isInUse({ retiredAtMs }: KeyringRecord): boolean {
  return retiredAtMs === null
}
