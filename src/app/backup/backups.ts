import { readdirSync, rmSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Config } from '../../config/load.ts'
import type { BackupsView, DrillBackup, MakeBackup } from '../../contracts/api.ts'
import type { Actor } from '../../contracts/audit.ts'
import type { KeyringRecord } from '../../contracts/store.ts'
import { houseWorkId, houseWorkKinds, type WorkRecord } from '../../contracts/work.ts'
import { BhorError, isBhorError, toBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { Secret } from '../../core/secret.ts'
import {
  type BackupMade,
  type BackupState,
  backupDueMs,
  backupStamp,
  backupStateName,
  backupStateOf,
  isBackupTooOld,
} from '../../session/ground/backup-state.ts'
import { change, planHouse, settleWork } from '../../session/ground/change.ts'
import type { SessionContext } from '../../session/ground/context.ts'
import {
  keeper,
  type Principal,
  requireConfirmed,
  requireOperator,
  requireRight,
} from '../../session/ground/rights.ts'
import { leaseOf, prolonging } from '../../session/keeper/work-loop.ts'
import type { KeyCopy } from '../../vault/keyring.ts'
import { refuseShort } from '../../vault/sources/passphrase.ts'
import { secretFile } from '../secret-file.ts'
import type { Service } from '../services.ts'
import { Drills } from './drill.ts'
import { partSuffix } from './private-file.ts'
import { type BackupWish, type Written, writeBackup } from './write.ts'

/** How long whoever asked for a backup, or for a drill, waits for its end before he has to ask again. */
const waitMs = 15_000
const lookEveryMs = 10 * 60_000
const dayMs = 24 * 60 * 60_000
/** Prolonged while one is written; of a server that died another takes over after this. */
const leaseMs = 90_000
/** What bhor itself has called a backup; it removes nothing else. */
const ownName = /^bhor-\d{8}-\d{6}(-before-\d+)?\.backup$/

export type BackupConfig = Pick<Config, 'home' | 'backupDir' | 'backupPassphraseFile' | 'backupKeep'>

function refuseRelative(path: string): void {
  if (isAbsolute(path)) return
  const text = 'The path of a backup is a whole one, from the root on.'
  throw new BhorError('bad_field', text, { facts: { field: 'path' } })
}

/** The passphrase of the backups that bhor makes by itself. @throws BhorError `key_unusable`, `permissions_too_wide` */
export function ownPassphrase({ backupPassphraseFile }: BackupConfig): Secret {
  const passphrase = secretFile(
    backupPassphraseFile ?? '',
    'file with the passphrase of backups',
    'BHOR_BACKUP_PASSPHRASE_FILE',
  )
  refuseShort(passphrase)
  return passphrase
}

/** The path of the next backup that bhor makes by itself. */
export function ownPath({ backupDir }: BackupConfig, nowMs: number, beforeVersion?: number): string {
  const before = beforeVersion === undefined ? '' : `-before-${beforeVersion}`
  return join(backupDir ?? '', `bhor-${backupStamp(nowMs)}${before}.backup`)
}

/** Takes away all but the newest of the backups that bhor has made by itself, and what a kill has left. */
export function prune({ backupDir, backupKeep }: BackupConfig, nowMs: number): void {
  if (backupDir === undefined) return
  const names = readdirSync(backupDir)
  const old = names
    .filter((name) => ownName.test(name))
    .toSorted()
    .slice(0, -backupKeep)
  const left = names.filter((name) => name.startsWith('bhor-') && name.endsWith(partSuffix))
  const stale = left.filter(
    (name) => nowMs - (statSync(join(backupDir, name), { throwIfNoEntry: false })?.mtimeMs ?? nowMs) > dayMs,
  )
  for (const name of [...old, ...stale]) rmSync(join(backupDir, name), { force: true })
}

/**
 * The backups of a running bhor: those that somebody asks for, and one a day where there is a place for it. Of several servers
 * of one store one makes it.
 */
export class Backups {
  readonly #context: SessionContext
  readonly #config: BackupConfig
  readonly #keysOf: (records: readonly KeyringRecord[]) => readonly KeyCopy[]
  readonly #openedAtMs: number
  readonly #owner: string
  readonly #drills: Drills
  #running: { readonly sinceMs: number; readonly done: Promise<unknown>; rows: number } | undefined

  constructor(
    context: SessionContext,
    config: BackupConfig,
    keysOf: (records: readonly KeyringRecord[]) => readonly KeyCopy[],
  ) {
    this.#context = context
    this.#config = config
    this.#keysOf = keysOf
    this.#openedAtMs = context.clock.nowMs()
    this.#owner = newId('backups', context.random)
    this.#drills = new Drills(context)
  }

  /** @throws BhorError `scope_missing` */
  async state(principal: Principal): Promise<BackupsView> {
    requireRight(principal, 'admin', 'house')
    const state = await backupStateOf(this.#context.store)
    const { last, failed } = state
    const { backupDir } = this.#config
    return {
      running: this.#running ? { since: iso(this.#running.sinceMs), rows: this.#running.rows } : null,
      last: last && { at: iso(last.atMs), path: last.path, rows: last.rows, bytes: last.bytes },
      failed: failed && { at: iso(failed.atMs), code: failed.code, text: failed.text },
      folder: backupDir ?? null,
      next:
        backupDir === undefined ? null : isoOrNull(Math.max(backupDueMs(state), this.#context.clock.nowMs())),
      tooOld: await this.isTooOld(),
      ...(await this.#drills.state()),
    }
  }

  /**
   * When the last good one was made. Null where there is a place for daily ones and none has come; undefined where there is no
   * place, and for as long as the first one may take.
   */
  async lastAtMs(): Promise<number | null | undefined> {
    if (this.#config.backupDir === undefined) return undefined
    const { store, clock } = this.#context
    const { last } = await backupStateOf(store)
    if (last) return last.atMs
    return clock.nowMs() - this.#openedAtMs < dayMs ? undefined : null
  }

  /** Whether there is a place for daily backups and none of the last two days. */
  async isTooOld(): Promise<boolean> {
    if (this.#config.backupDir === undefined) return false
    const { store, clock } = this.#context
    return isBackupTooOld(await backupStateOf(store), this.#openedAtMs, clock.nowMs())
  }

  /**
   * Writes a backup where somebody wants it. What takes long goes on when this has answered; {@link Backups.state} says how.
   *
   * @throws BhorError `scope_missing`, `confirmation_needed`, `bad_field`, `key_unusable`, `output_exists`, `backup_failed`
   */
  async make(principal: Principal, { path, passphrase, replace = false }: MakeBackup): Promise<BackupsView> {
    requireConfirmed(this.#context, principal, 'backup.make')
    // Whatever stood there is gone then: no page reaches as far.
    if (replace) requireOperator(principal)
    refuseRelative(path)
    const secret = new Secret(passphrase)
    refuseShort(secret)
    await this.#enough(this.#run(principal.actor, { path, passphrase: secret, replaces: replace }))
    return this.state(principal)
  }

  /**
   * Tries a backup out: restores it into a folder that is thrown away, and reads all of it. The running store is not
   * touched; {@link Backups.state} says what came of it, also where this answers before it is over.
   *
   * @throws BhorError `scope_missing`, `confirmation_needed`, `bad_field`, `not_found`, `store_busy`, `backup_…`
   */
  async drill(principal: Principal, wish: DrillBackup): Promise<BackupsView> {
    requireConfirmed(this.#context, principal, 'backup.drill')
    const path = wish.path ?? (await backupStateOf(this.#context.store)).last?.path
    if (path === undefined)
      throw new BhorError('not_found', 'There has been no backup yet.', { hint: 'Name one, or make one.' })
    refuseRelative(path)
    await this.#enough(this.#drills.run(principal.actor, path, this.#passphraseFor(wish)))
    return this.state(principal)
  }

  #passphraseFor({ passphrase }: DrillBackup): Secret {
    if (passphrase !== undefined) return new Secret(passphrase)
    if (this.#config.backupPassphraseFile !== undefined) return ownPassphrase(this.#config)
    const text = 'The passphrase of the backup is missing: none is configured.'
    throw new BhorError('bad_field', text, { facts: { field: 'passphrase' } })
  }

  /** It goes on where it takes long; what becomes of it is remembered. */
  async #enough(done: Promise<void>): Promise<void> {
    const enough = new AbortController()
    done.catch(() => undefined)
    try {
      await Promise.race([done, this.#context.clock.sleep(waitMs, enough.signal).catch(() => undefined)])
    } finally {
      enough.abort()
    }
  }

  /** Notes one that was written before the store was opened. */
  note(written: Omit<BackupMade, 'atMs'>): Promise<void> {
    return this.#tell(keeper.actor, { ...written, atMs: this.#context.clock.nowMs() })
  }

  /** One a day, where there is a place for it. */
  get service(): Service {
    return {
      name: 'backups',
      everyMs: lookEveryMs,
      isNeeded: () => this.#config.backupDir !== undefined,
      run: () => this.daily(),
    }
  }

  /** Makes the day's backup, if it is due and no other server of this store is at it. */
  async daily(): Promise<void> {
    const context = this.#context
    if (this.#config.backupDir === undefined || context.store.rollback()) return
    if (this.#running || !(await this.#isDue())) return
    const work = await this.#claim()
    if (!work) return
    using _kept = prolonging(context, this.#owner, leaseMs)
    // Another server may have made it just before.
    if ((await this.#isDue()) && !this.#running) await this.#makeOwn(work)
    const { plannedAtMs } = work
    await settleWork(context, leaseOf(work), { failed: false, plannedAtMs, notBeforeMs: 0 })
  }

  async #isDue(): Promise<boolean> {
    const { store, clock } = this.#context
    return backupDueMs(await backupStateOf(store)) <= clock.nowMs()
  }

  async #claim(): Promise<WorkRecord | undefined> {
    const context = this.#context
    const { store, clock } = context
    if ((await store.work.of(houseWorkId)).length === 0) await planHouse(context, 'backup')
    const nowMs = clock.nowMs()
    const [work] = await store.claimWork({
      owner: this.#owner,
      nowMs,
      leaseMs,
      limit: 1,
      kinds: houseWorkKinds,
    })
    return work
  }

  async #makeOwn(work: WorkRecord): Promise<void> {
    const nowMs = this.#context.clock.nowMs()
    const path = ownPath(this.#config, nowMs)
    try {
      const passphrase = ownPassphrase(this.#config)
      await this.#run(keeper.actor, { path, passphrase, makesFolder: true }, work)
      prune(this.#config, nowMs)
    } catch (error) {
      // Another server has taken over, and makes its own.
      if (isBhorError(error, 'lease_lost')) rmSync(path, { force: true })
      else await this.#tell(keeper.actor, toBhorError(error), work)
    }
  }

  /** @param work under whose lease its end is told */
  async #run(actor: Actor, wish: BackupWish, work?: WorkRecord): Promise<void> {
    if (this.#running) throw new BhorError('store_busy', 'A backup is being written just now.')
    const { store, clock, random } = this.#context
    const { home } = this.#config
    const running = { sinceMs: clock.nowMs(), done: Promise.resolve(), rows: 0 }
    this.#running = running
    try {
      const onRows = (rows: number) => {
        running.rows = rows
      }
      const means = { clock, random, home, engine: store.engine, keysOf: this.#keysOf, onRows }
      const written: Written = await store.copy((copy) => writeBackup(copy, wish, means))
      await this.#tell(actor, { ...written, path: wish.path, atMs: running.sinceMs }, work)
    } catch (error) {
      if (actor !== keeper.actor) await this.#tell(actor, toBhorError(error))
      throw error
    } finally {
      this.#running = undefined
    }
  }

  async #tell(actor: Actor, outcome: BackupMade | BhorError, work?: WorkRecord): Promise<void> {
    const { clock } = this.#context
    const context = work ? { ...this.#context, lease: leaseOf(work) } : this.#context
    await change(context, async (c) => {
      const { last } = await backupStateOf(c.reads)
      const isMade = !(outcome instanceof BhorError)
      const state: BackupState = isMade
        ? { last: outcome, failed: null }
        : { last, failed: { atMs: clock.nowMs(), code: outcome.code, text: outcome.message } }
      const detail = isMade ? { path: outcome.path, rows: outcome.rows, bytes: outcome.bytes } : {}
      const told = isMade
        ? ({ result: 'ok', detail } as const)
        : ({ result: 'failed', code: outcome.code } as const)
      const tx = c.tell({ actor, action: 'store.backup', ...told })
      await tx.meta.set(backupStateName, JSON.stringify(state))
    })
  }
}
