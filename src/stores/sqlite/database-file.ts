import { renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { missing } from '../missing.ts'
import { inOurWords } from './faults.ts'
import { checkFile, createPrivateFile, readStart, syncFolder } from './file-checks.ts'
import { markerOf } from './place.ts'

/** `bhor` in ASCII: marks a database as ours (https://www.sqlite.org/fileformat.html, offset 68). */
export const applicationId = 0x62686f72
const magic = Buffer.from('SQLite format 3\0', 'latin1')
const headerLength = 100

/**
 * Makes sure that `path` is a database of ours, and makes one when nothing is there. The new file gets its
 * name only when it is a valid database, so that an empty file is never mistaken for one that was just begun.
 * Call it while holding the folder's lock.
 *
 * @throws BhorError `store_foreign`, `permissions_too_wide`; `store_unavailable` and `store_damaged` when a file of the store is gone
 */
export function prepareDatabaseFile(path: string, isExpected: boolean): void {
  const [hasLog, isMarked] = [`${path}-wal`, markerOf(path), `${path}-shm`].map(checkFile)
  if (checkFile(path)) {
    refuseForeign(path)
    if (isMarked && !hasLog) throw withoutLog(path)
    return
  }
  if (isExpected || hasLog || isMarked) throw missing(`${printable(path, 400)} is not there`)
  const fresh = `${path}.new`
  for (const leftover of [fresh, `${fresh}-wal`, `${fresh}-shm`, `${fresh}-journal`]) {
    if (checkFile(leftover)) rmSync(leftover)
  }
  inOurWords(() => {
    createPrivateFile(fresh)
    using database = new DatabaseSync(fresh)
    database.exec(`pragma application_id = ${applicationId}`)
    database.exec('pragma journal_mode = wal')
  })
  renameSync(fresh, path)
  syncFolder(dirname(path))
}

/** What was committed last may have stood in it and nowhere else. */
function withoutLog(path: string): BhorError {
  const place = printable(path, 400)
  return new BhorError(
    'store_damaged',
    `${place}-wal is gone, and bhor had not been stopped: the last changes were in it.`,
    {
      hint: `Put it back. Where nothing is missing, as after another program had opened the store: rm ${markerOf(place)}`,
    },
  )
}

function refuseForeign(path: string): void {
  const header = readStart(path, headerLength)
  const isDatabase = header.length === headerLength && header.subarray(0, magic.length).equals(magic)
  if (isDatabase && header.readUInt32BE(68) === applicationId) return
  const why = header.length === 0 ? 'is empty and' : isDatabase ? 'is a database of another program and' : ''
  throw new BhorError(
    'store_foreign',
    `${[printable(path, 400), why, 'is not a bhor store.'].filter(Boolean).join(' ')}`,
  )
}
