import { lstatSync, rmSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { foregroundClock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { inOurWords } from './faults.ts'
import { checkFile, createPrivateFile, syncFolder } from './file-checks.ts'

const lookEveryMs = 1_000

/** Beside the database from its first commit until it is closed: as long as it is there, so is the `-wal`. */
export function markerOf(path: string): string {
  return `${path}-open`
}

/**
 * Whether the files that are open are still those at their paths: SQLite goes on without a word in files that were
 * deleted or replaced, and what it writes there is gone with the process.
 */
export class FilesInPlace {
  readonly #path: string
  #database: Stats | undefined
  #log: Stats | undefined
  #isMarked = false
  #databaseAtMs = Number.NEGATIVE_INFINITY
  #logAtMs = Number.NEGATIVE_INFINITY

  constructor(path: string) {
    this.#path = path
  }
  /**
   * Before each commit is acknowledged. The log, whose loss alone a new opening mends, not at each of them.
   *
   * @throws BhorError `store_unavailable` for a file that is gone, `store_foreign` for another one in its place
   */
  lookAtCommit(): void {
    this.lookAtDatabase()
    const nowMs = foregroundClock.monotonicMs()
    if (nowMs - this.#logAtMs < lookEveryMs) return
    this.#log = same(`${this.#path}-wal`, this.#log)
    if (!this.#isMarked) this.#mark()
    if (this.#isMarked) this.#logAtMs = nowMs
  }
  /** For reads, which change nothing: not at each of them. */
  lookAtRead(): void {
    const nowMs = foregroundClock.monotonicMs()
    if (nowMs - this.#databaseAtMs < lookEveryMs) return
    this.lookAtDatabase()
    this.#databaseAtMs = nowMs
  }
  lookAtDatabase(): void {
    this.#database = same(this.#path, this.#database)
  }
  /** What changes with the file's content: at each of SQLite's checkpoints, and when somebody writes over it. */
  content(): string {
    const { mtimeMs, ctimeMs, size } = same(this.#path, this.#database)
    return `${mtimeMs} ${ctimeMs} ${size}`
  }
  /** Before the handles are closed, which takes the `-wal` away. A store that is not in its place stays marked. */
  unmark(): void {
    this.#log = undefined
    this.#logAtMs = Number.NEGATIVE_INFINITY
    if (!this.#isMarked) return
    this.#isMarked = false
    try {
      this.lookAtDatabase()
      rmSync(markerOf(this.#path), { force: true })
    } catch {
      // A disk that takes no writes any more: the next start finds marker and log together.
    }
  }
  #mark(): void {
    try {
      if (!checkFile(markerOf(this.#path))) createPrivateFile(markerOf(this.#path))
      syncFolder(dirname(this.#path))
      this.#isMarked = true
    } catch {
      // No space for a name: the next commit tries again.
    }
  }
}

/** The file at this path, which must be `before` where that is given. */
function same(path: string, before: Stats | undefined): Stats {
  const now = inOurWords(() => lstatSync(path, { throwIfNoEntry: false }))
  if (now && (!before || (now.ino === before.ino && now.dev === before.dev))) return now
  const place = printable(path, 400)
  if (!now)
    throw new BhorError(
      'store_unavailable',
      `${place} is gone: somebody deleted or moved it while bhor runs.`,
      {
        hint: 'Put the same file back where it was; or stop bhor, restore a backup and start again.',
      },
    )
  throw new BhorError('store_foreign', `${place} is another file than the one that bhor has open.`, {
    hint: 'Put the first file back; or stop bhor, make sure that the right store stands there, and start again.',
  })
}
