import { lstatSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemRandom } from '../../core/random.ts'
import { inOurWords, sqliteFault } from './faults.ts'
import { checkFile, syncFolder } from './file-checks.ts'

const size = 1 << 20

function reserveOf(path: string): string {
  return `${path}-reserve`
}

/**
 * Takes room on the disk beside the database, so that there is some to give back.
 *
 * @throws BhorError `store_full`
 */
export async function reserveRoom(path: string): Promise<void> {
  const reserve = reserveOf(path)
  if (isThere(reserve)) return
  releaseRoom(path)
  try {
    await using file = await open(reserve, 'wx', 0o600)
    await fill(file)
    syncFolder(dirname(path))
  } catch (error) {
    releaseRoom(path)
    throw sqliteFault(error)
  }
}

/** Gives the room back. */
export function releaseRoom(path: string): void {
  inOurWords(() => rmSync(reserveOf(path), { force: true }))
}

/** Chance, as a disk that compresses would make nothing of zeros. */
async function fill(file: FileHandle): Promise<void> {
  await file.writeFile(systemRandom.bytes(size))
  await file.sync()
}

/** A file with holes has the size and not the room. */
function isThere(reserve: string): boolean {
  if (!inOurWords(() => checkFile(reserve))) return false
  const stats = inOurWords(() => lstatSync(reserve))
  return stats.size >= size && (process.platform === 'win32' || stats.blocks * 512 >= size)
}
