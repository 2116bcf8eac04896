import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'

/** `statfs` types on which SQLite's WAL, which needs shared memory and working locks, is not safe. */
const networkFilesystems: Readonly<Record<number, string>> = {
  26985: 'NFS', // 0x6969
  20859: 'SMB', // 0x517b
  4283649346: 'SMB', // 0xff534d42, CIFS
  4266872130: 'SMB', // 0xfe534d42, SMB2
  16914839: '9p', // 0x01021997
  1702057286: 'FUSE', // 0x65735546
}

/** @throws BhorError `store_foreign` on NFS, SMB, 9p and FUSE */
export function refuseNetworkFilesystem(
  folder: string,
  typeOf = (path: string) => statfsSync(path).type,
): void {
  const name = networkFilesystems[typeOf(folder) >>> 0]
  if (name === undefined) return
  throw new BhorError(
    'store_foreign',
    `SQLite's WAL does not work on ${name}. Use a local disk or Postgres.`,
    {
      hint: 'Put the data folder on a local disk, or set BHOR_DATABASE_URL to a postgres:// address.',
      facts: { filesystem: name },
    },
  )
}

/** The facts of a path itself, not of what a link points to; undefined when nothing is there. */
function entryAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

function tooWide(path: string, why: string, mode: string): BhorError {
  const command = `chmod ${mode} ${printable(path, 400)}`
  return new BhorError('permissions_too_wide', `${printable(path, 400)} ${why}: ${command}`, {
    hint: command,
  })
}

/** Owner and mode mean nothing on Windows, where the profile folder's access list protects the files. */
function refuseOthers(path: string, stats: Stats, forbiddenBits: number, mode: string): void {
  const self = process.getuid?.()
  if (self === undefined) return
  if (stats.uid !== self) {
    throw new BhorError('permissions_too_wide', `${printable(path, 400)} belongs to another user.`, {
      hint: `chown it to the user that runs bhor, then: chmod ${mode}`,
    })
  }
  if ((stats.mode & forbiddenBits) !== 0) throw tooWide(path, 'is open to other users', mode)
}

/**
 * Makes a folder and those above it, for this user alone; what is there already keeps its rights. Not `recursive`: below
 * /proc Node would try for ever.
 *
 * @throws what the system says
 */
export function makeFolders(folder: string): void {
  if (isFolder(folder)) return
  if (dirname(folder) !== folder) makeFolders(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another program may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Makes the data folder, 0700 from its first moment, or checks the one that is there.
 *
 * @throws BhorError `store_foreign`, `permissions_too_wide` when others may write in it
 */
export function prepareFolder(folder: string): void {
  try {
    makeFolders(folder)
  } catch (error) {
    throw new BhorError('store_unavailable', `The data folder ${printable(folder, 400)} cannot be made.`, {
      hint: 'Set BHOR_HOME to a folder that you can write.',
      cause: error,
    })
  }
  const stats = entryAt(folder)
  if (!stats?.isDirectory()) {
    throw new BhorError('store_foreign', `${printable(folder, 400)} is not a folder.`)
  }
  refuseOthers(folder, stats, 0o022, '700')
}

/**
 * Checks a file of the store before anything opens it: a plain file of ours, with one name, closed to others.
 *
 * @returns false when nothing is there
 * @throws BhorError `store_foreign`, `permissions_too_wide`
 */
export function checkFile(path: string): boolean {
  const stats = entryAt(path)
  if (!stats) return false
  const is = (what: string) =>
    new BhorError('store_foreign', `${printable(path, 400)} is ${what}, not a bhor store.`)
  if (stats.isSymbolicLink()) throw is('a symbolic link')
  if (stats.isDirectory()) throw is('a folder')
  if (!stats.isFile()) throw is('not a plain file')
  if (stats.nlink > 1) throw is('a file with several names (hard links)')
  refuseOthers(path, stats, 0o077, '600')
  return true
}

/** Creates an empty file that was never readable by others; fails when anything is there. */
export function createPrivateFile(path: string): void {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_NOFOLLOW
  const file = openSync(path, flags, 0o600)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes a new name in a folder durable. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The first `length` bytes of a plain file. The file may have been swapped since it was checked. */
export function readStart(path: string, length: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!fstatSync(file).isFile()) return Buffer.alloc(0)
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0))
  } finally {
    closeSync(file)
  }
}
