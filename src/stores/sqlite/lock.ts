import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../core/clock.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { inOurWords } from './faults.ts'
import { checkFile, createPrivateFile } from './file-checks.ts'

/** Who holds a data folder. */
interface Owner {
  readonly pid: number
  readonly host: string
  readonly since: string
}

/**
 * One server per data folder, for as long as the result is not disposed. The lock is the operating system's (an
 * exclusive transaction on `bhor.lock`), so that it ends with the process, however that ends; `bhor.lock.owner`
 * beside it only says who to ask. Nothing may ever open `bhor.lock` but SQLite: closing any other handle of the
 * same process would drop the lock.
 *
 * @throws BhorError `store_locked` with pid, host and since-when
 */
export function lockFolder(folder: string, clock: Clock): Disposable {
  const path = join(folder, 'bhor.lock')
  const ownerPath = join(folder, 'bhor.lock.owner')
  if (!checkFile(path)) createUnlessThere(path)
  for (const beside of [ownerPath, `${path}-journal`]) checkFile(beside)
  const handle = inOurWords(() => new DatabaseSync(path, { timeout: 0 }))
  try {
    inOurWords(() => handle.exec('pragma journal_mode = memory; begin exclusive'))
    writeOwner(ownerPath, {
      pid: process.pid,
      host: hostname(),
      since: clock.now().toString({ smallestUnit: 'second' }),
    })
  } catch (error) {
    handle.close()
    throw isBhorError(error, 'store_busy') ? lockedBy(readOwner(ownerPath)) : error
  }
  return {
    [Symbol.dispose]() {
      try {
        rmSync(ownerPath, { force: true })
      } catch {
        // A disk that takes no writes any more; whoever starts next finds the lock free and writes his own name.
      }
      handle.close()
    },
  }
}

/** Two processes may start at the same moment: the slower one finds the file. */
function createUnlessThere(path: string): void {
  try {
    createPrivateFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function writeOwner(path: string, owner: Owner): void {
  const fresh = `${path}.new`
  rmSync(fresh, { force: true })
  writeFileSync(fresh, JSON.stringify(owner), { flag: 'wx', mode: 0o600 })
  renameSync(fresh, path)
}

function readOwner(path: string): Owner | undefined {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(path, 'utf8')) as Owner
    return Number.isInteger(pid)
      ? { pid, host: printable(String(host), 80), since: printable(String(since), 40) }
      : undefined
  } catch {
    return undefined
  }
}

function lockedBy(owner: Owner | undefined): BhorError {
  if (!owner) return new BhorError('store_locked', 'Another bhor uses this data folder.')
  const { pid, host, since } = owner
  return new BhorError(
    'store_locked',
    `Another bhor (pid ${pid} on ${host}, since ${since}) uses this data folder.`,
    {
      facts: { pid, host, since },
    },
  )
}
