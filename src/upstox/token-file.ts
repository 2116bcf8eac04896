import { chmodSync, lstatSync, readdirSync, renameSync, rmSync, type Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Clock, foregroundClock, systemClock } from '../core/clock.ts'
import { BhorError, isBhorError, toBhorError } from '../core/errors.ts'
import { newLabel } from '../core/ids.ts'
import { systemRandom } from '../core/random.ts'
import { printable } from '../core/redact.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'
import { secretText } from '../vault/secret-text.ts'
import { Logger } from './logger.ts'
import { type StoredSession, sessionIn, textOf } from './token-format.ts'
import { freshSuffix, makeFolders, type Reserved, reserve } from './whole-file.ts'

/** Longer than anything that is done under the lock: a renewal, whose answer may take its time. */
const lockPatienceMs = 30_000
const lockLookMs = 20
const leftAfterMs = 60 * 60_000

/**
 * `upstox_token.json`: one session, shared by all programs that follow the document. It is read again as soon as somebody
 * has changed it, and only ever replaced as a whole, by the younger of two sessions.
 */
export class TokenFile {
  readonly #path: string
  readonly #clock: Clock
  #seen = ''
  #found: StoredSession | BhorError | undefined
  #lastGood: StoredSession | undefined

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  /**
   * What is stored now. Where somebody is just writing, or has left half a file, the session from before still counts.
   *
   * @throws BhorError `token_file_invalid`, `permissions_too_wide`
   */
  current(): StoredSession | undefined {
    const found = this.#look()
    if (!(found instanceof BhorError)) this.#lastGood = found
    else if (!this.#lastGood) throw found
    return this.#lastGood
  }

  /** What stands there, where it can be read. @throws BhorError `system_refused` */
  seen(): StoredSession | undefined {
    const there = this.#look()
    return there instanceof BhorError ? undefined : there
  }

  /** A place for the next session, before anything is spent to get it. @throws BhorError `store_full`, `system_refused`, … */
  reserve(): Reserved {
    makeFolders(dirname(this.#path))
    return reserve(this.#path)
  }

  /**
   * Does what must not happen in two programs at once: nobody else writes the file meanwhile.
   *
   * @throws BhorError `store_locked`, and what `work` throws
   */
  async locked<T>(work: () => Promise<T> | T): Promise<T> {
    using _lock = await this.#lock()
    return await work()
  }

  /**
   * Under the lock: puts the session into the file, unless another program has stored a younger one, whose login has ended
   * this one. A file that nobody can read is kept beside it.
   *
   * @param before what stood there before this session was asked for, and so is older whatever its time says
   * @returns whether it stands there now
   * @throws BhorError `store_full`, `system_refused`
   */
  write(place: Reserved, session: StoredSession, before?: StoredSession): boolean {
    const there = this.#look()
    if (there instanceof BhorError) this.#setAside(there)
    else if (there && !before?.isSameAs(there) && this.#isYounger(there, session)) {
      Logger.get().warning('Another program has logged in since. Its session is used.')
      return false
    }
    place.fill(textOf(withExtended(session, there)))
    this.#sweep()
    return true
  }

  #isYounger({ held, isMisdated }: StoredSession, than: StoredSession): boolean {
    const isLive = this.#clock.nowMs() < held.expiresAt.epochMilliseconds
    return isLive && !isMisdated && Temporal.Instant.compare(held.issuedAt, than.held.issuedAt) > 0
  }

  /**
   * Under the lock: removes the file if it still holds this session.
   *
   * @returns false where another one stands there, or one that cannot be read
   * @throws BhorError `system_refused`
   */
  remove(session: StoredSession): boolean {
    const there = this.#look()
    if (there instanceof BhorError || (there && !there.isSameAs(session))) return false
    try {
      rmSync(this.#path, { force: true })
      return true
    } catch (error) {
      throw toBhorError(error)
    }
  }

  /** What a program that was killed has left; nobody waits an hour for the answer to a login. */
  #sweep(): void {
    const folder = dirname(this.#path)
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(`${basename(this.#path)}.`) || !name.endsWith(freshSuffix)) continue
      const stats = lstatSync(join(folder, name), { throwIfNoEntry: false })
      if (stats && stats.mtimeMs < systemClock.nowMs() - leftAfterMs)
        rmSync(join(folder, name), { force: true })
    }
  }

  #look(): StoredSession | BhorError | undefined {
    const stats = this.#stats()
    const seen = stats ? [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ') : ''
    if (seen === this.#seen) return this.#found
    this.#found = stats ? this.#read(stats) : undefined
    this.#seen = seen
    if (this.#found instanceof BhorError) Logger.get().error(`${this.#found.message} ${this.#found.hint}`)
    return this.#found
  }

  #stats(): Stats | undefined {
    try {
      return lstatSync(this.#path, { throwIfNoEntry: false })
    } catch (error) {
      throw toBhorError(error)
    }
  }

  #read(stats: Stats): StoredSession | BhorError | undefined {
    const path = this.#path
    try {
      // Programs that follow the document write it open to be read: whoever may change it is another matter.
      const code = 'token_file_invalid'
      const bytes = readPrivateFile({ path, what: 'token file', code, forbiddenBits: 0o002 })
      if (!bytes) return undefined
      const session = sessionIn(secretText(bytes, 'token file', code).text, this.#clock.now())
      if (process.getuid && (stats.mode & 0o077) !== 0) closeToOthers(path)
      return session
    } catch (error) {
      if (!isBhorError(error, 'token_file_invalid')) return toBhorError(error)
      const { message, facts } = error
      return new BhorError('token_file_invalid', `${printable(path, 400)}: ${message}`, { facts })
    }
  }

  #setAside({ code }: BhorError): void {
    const beside = `${this.#path}.${newLabel(systemRandom)}.unread`
    try {
      renameSync(this.#path, beside)
    } catch (error) {
      throw toBhorError(error)
    }
    Logger.get().warning(
      `The token file could not be read (${code}). It is kept as ${printable(beside, 400)}.`,
    )
  }

  async #lock(): Promise<Disposable> {
    makeFolders(dirname(this.#path))
    const until = foregroundClock.monotonicMs() + lockPatienceMs
    for (;;) {
      try {
        return lockFolder(dirname(this.#path), this.#clock)
      } catch (error) {
        if (!isBhorError(error, 'store_locked') || foregroundClock.monotonicMs() > until) throw error
      }
      await foregroundClock.sleep(lockLookMs)
    }
  }
}

/** A token that can be read counts where its file cannot be changed, too: a read-only mount, say. */
function closeToOthers(path: string): void {
  try {
    chmodSync(path, 0o600)
    Logger.get().warning('The token file was open to other users. It is closed to them now.')
  } catch (error) {
    const { message } = toBhorError(error)
    Logger.get().warning(`The token file is open to other users, and cannot be closed to them. ${message}`)
  }
}

/** An extended token lives for a year: an answer without one does not lose it. */
function withExtended(session: StoredSession, before: StoredSession | BhorError | undefined): StoredSession {
  const isOfSame = before && !(before instanceof BhorError) && before.held.userId === session.held.userId
  return isOfSame && !session.extended ? session.with(before.extended) : session
}
