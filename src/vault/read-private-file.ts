import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { BhorError, type ErrorCode } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

/** Far more than any secret has; a file that is larger is not read. */
const largestBytes = 64 * 1024

export interface PrivateFile {
  readonly path: string
  /** How messages name it: `master key file`. */
  readonly what: string
  /** Of the error, where the file is no good. */
  readonly code: ErrorCode
  /** Mode bits that must not be set; all of others' when left out. */
  readonly forbiddenBits?: number
  /** Whether root may own it too, not only the user that runs bhor. */
  readonly mayBeRoots?: boolean
  /** Whether a link is followed and a pipe is read: both are how shells and containers pass secrets. */
  readonly mayBePassed?: boolean
}

/**
 * The one way to a file with a secret; undefined when there is none.
 *
 * @throws BhorError with the code that was asked for, `permissions_too_wide`
 */
export function readPrivateFile(wanted: PrivateFile): Buffer | undefined {
  const { path, what, code, mayBePassed = false } = wanted
  const shown = printable(path, 400)
  const unusable = (why: string, cause?: unknown) =>
    new BhorError(code, `The ${what} ${shown} ${why}.`, { cause })
  const isLink = () => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (!mayBePassed && isLink()) throw unusable('is a symbolic link')
  // A pipe that nobody writes to would be waited for.
  const flags = mayBePassed
    ? constants.O_RDONLY
    : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  let file: number
  try {
    file = openSync(path, flags)
  } catch (error) {
    const { code: why } = error as NodeJS.ErrnoException
    if (why === 'ENOENT') return undefined
    if (why === 'ELOOP') throw unusable('is a symbolic link')
    throw unusable(`cannot be read (${why})`, error)
  }
  try {
    const stats = fstatSync(file)
    if (stats.isDirectory()) throw unusable('is a folder')
    if (!stats.isFile() && !(mayBePassed && stats.isFIFO())) throw unusable('is not a plain file')
    if (stats.isFile()) {
      if (stats.nlink > 1 && !mayBePassed) throw unusable('has several names (hard links)')
      refuseOthers(wanted, shown, stats)
    }
    return readAll(file) ?? fail(unusable('is larger than 64 KiB'))
  } finally {
    closeSync(file)
  }
}

function fail(error: BhorError): never {
  throw error
}

function refuseOthers(
  { what, forbiddenBits = 0o077, mayBeRoots = false }: PrivateFile,
  shown: string,
  stats: { readonly uid: number; readonly mode: number },
): void {
  const self = process.getuid?.()
  if (self === undefined) return
  if (stats.uid !== self && !(mayBeRoots && stats.uid === 0)) {
    throw new BhorError('permissions_too_wide', `The ${what} ${shown} belongs to another user.`, {
      hint: 'chown it to the user that runs bhor.',
    })
  }
  if ((stats.mode & forbiddenBits) !== 0) {
    const command = `chmod 600 ${shown}`
    throw new BhorError('permissions_too_wide', `The ${what} is open to other users: ${command}`, {
      hint: command,
    })
  }
}

/** Undefined when there is more than a secret has. */
function readAll(file: number): Buffer | undefined {
  const bytes = Buffer.alloc(largestBytes + 1)
  let length = 0
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null)
    length += read
    if (length > largestBytes) return undefined
    if (read === 0) return bytes.subarray(0, length)
  }
}
