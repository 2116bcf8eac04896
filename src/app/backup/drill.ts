import { statSync } from 'node:fs'
import type { BackupDrilled } from '../../contracts/api.ts'
import type { Actor } from '../../contracts/audit.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { tryParseJson } from '../../core/json.ts'
import { printable } from '../../core/redact.ts'
import type { Secret } from '../../core/secret.ts'
import { change } from '../../session/ground/change.ts'
import type { SessionContext } from '../../session/ground/context.ts'
import { checkBackup } from './restore.ts'

/** Under which name the store keeps what the last drill came to. It decides nothing. */
const drilledName = 'backup.drilled'

/** Tries backups out beside a running bhor, and remembers what the last one came to. */
export class Drills {
  readonly #context: SessionContext
  #running: { readonly sinceMs: number; readonly path: string } | undefined

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** The one that is going on, and what the last one came to. */
  async state(): Promise<{
    drilling: { since: string; path: string } | null
    drilled: BackupDrilled | null
  }> {
    const running = this.#running
    const stored = tryParseJson((await this.#context.store.meta.get(drilledName)) ?? '')
    return {
      drilling: running ? { since: iso(running.sinceMs), path: running.path } : null,
      drilled: (stored as BackupDrilled | undefined) ?? null,
    }
  }

  /** @throws BhorError `store_busy`, `backup_…` */
  async run(actor: Actor, path: string, passphrase: Secret): Promise<void> {
    if (this.#running) throw new BhorError('store_busy', 'A backup is being tried out just now.')
    const { clock, random } = this.#context
    this.#running = { sinceMs: clock.nowMs(), path }
    try {
      refuseOtherThanFile(path)
      const { at, bhor, rows, records, isIntact } = await checkBackup(path, passphrase, { clock, random })
      await this.#tell(actor, path, { found: { at, bhor, rows, records, isIntact }, failure: null })
    } catch (error) {
      const { code, message } = toBhorError(error)
      await this.#tell(actor, path, { found: null, failure: { code, text: message } })
      throw error
    } finally {
      this.#running = undefined
    }
  }

  async #tell(actor: Actor, path: string, came: Pick<BackupDrilled, 'found' | 'failure'>): Promise<void> {
    const { found, failure } = came
    const drilled: BackupDrilled = { at: iso(this.#context.clock.nowMs()), path, ...came }
    const told = failure
      ? ({ result: 'failed', code: failure.code as BhorError['code'], detail: { path } } as const)
      : ({ result: 'ok', detail: { path, isIntact: found?.isIntact ?? false } } as const)
    await change(this.#context, async (c) => {
      const tx = c.tell({ actor, action: 'store.drill', ...told })
      await tx.meta.set(drilledName, JSON.stringify(drilled))
    })
  }
}

/** A pipe that nobody writes to would be waited for. */
function refuseOtherThanFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats && !stats.isFile())
    throw new BhorError('backup_foreign', `${printable(path, 400)} is not a plain file.`)
}
