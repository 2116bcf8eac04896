import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { toBhorError } from '../core/errors.ts'
import { newLabel } from '../core/ids.ts'
import { type Random, systemRandom } from '../core/random.ts'
import { makeFolders as makeThem, syncFolder } from '../stores/sqlite/file-checks.ts'

/** More than any token file has. */
const reservedBytes = 64 * 1024

/** What a file that is not whole yet ends with. */
export const freshSuffix = '.new'

/** A place for a file that is to be written, with room on the disk: what comes into it need not fear that there is none. */
export interface Reserved extends Disposable {
  /** Puts the text where the file belongs, at once and durably; whoever reads it finds the one from before or this one. */
  fill(text: string): void
}

/**
 * Makes a file beside the one that is meant, open to this user alone. Disposed of without being filled, it leaves nothing.
 *
 * @throws BhorError `store_full`, `store_readonly`, `system_refused`
 */
export function reserve(path: string, random: Random = systemRandom): Reserved {
  const fresh = `${path}.${newLabel(random)}${freshSuffix}`
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW
  let file = inOurWords(() => openSync(fresh, flags, 0o600))
  const drop = () => {
    if (file < 0) return
    closeSync(file)
    file = -1
    rmSync(fresh, { force: true })
  }
  try {
    inOurWords(() => {
      writeSync(file, Buffer.alloc(reservedBytes, ' '), 0, reservedBytes, 0)
      fsyncSync(file)
    })
  } catch (error) {
    drop()
    throw error
  }
  return {
    fill(text) {
      inOurWords(() => {
        const bytes = Buffer.from(text, 'utf8')
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at)
        ftruncateSync(file, bytes.length)
        fsyncSync(file)
        renameSync(fresh, path)
        closeSync(file)
        file = -1
        syncFolder(dirname(path))
      })
    },
    [Symbol.dispose]: drop,
  }
}

/** Writes a whole file that only this user can read. @throws as {@link reserve} */
export function writeWhole(path: string, text: string): void {
  using place = reserve(path)
  place.fill(text)
}

/** With those above it; what is there already keeps its rights. @throws BhorError `system_refused` */
export function makeFolders(folder: string): void {
  inOurWords(() => makeThem(folder))
}

/** What the system says of a file, in our words. */
function inOurWords<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toBhorError(error)
  }
}
