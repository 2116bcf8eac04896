import { constants, existsSync, lstatSync } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BhorError } from '../../core/errors.ts'
import type { Random } from '../../core/random.ts'
import { printable } from '../../core/redact.ts'
import { whyUnwritten } from '../../core/system-words.ts'
import { keepName } from '../counter-file.ts'

export interface PrivateFileOptions {
  readonly path: string
  readonly random: Random
  /** Whether a file of this name is replaced. */
  readonly replaces?: boolean
  /** Makes the folder, if its own folder is there. */
  readonly makesFolder?: boolean
}

/** What a file that is not whole yet ends with. */
export const partSuffix = '.part'

/**
 * Writes a file that only this user can read, under another name until it is whole and durable: whoever finds the name
 * finds all of it.
 *
 * @throws BhorError `output_exists`, `backup_failed`, and what `write` throws
 */
export async function writePrivately<T>(
  { path, random, replaces = false, makesFolder = false }: PrivateFileOptions,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const part = `${path}.${Buffer.from(random.bytes(4)).toString('hex')}${partSuffix}`
  const folder = dirname(path)
  try {
    if (!replaces && lstatSync(path, { throwIfNoEntry: false })) throw exists(path)
    if (makesFolder && !existsSync(folder)) await mkdir(folder, { mode: 0o700 })
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW
    let result: T
    {
      await using file = await open(part, flags, 0o600)
      result = await write(file)
      await file.sync()
    }
    await (replaces ? rename(part, path) : givenName(part, path))
    keepName(path)
    return result
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw inWords(path, error)
  }
}

/** Without replacing anything, also where the file system knows no links. */
async function givenName(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
    await rm(part)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) throw error
    if (existsSync(path)) throw exists(path)
    await rename(part, path)
  }
}

function exists(path: string): BhorError {
  return new BhorError('output_exists', `${printable(path, 400)} is already there.`)
}

/** What the system says of a file. */
function inWords(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof BhorError || typeof code !== 'string') return error
  if (code === 'EEXIST') return exists(path)
  return new BhorError(
    'backup_failed',
    `${printable(path, 400)} could not be written: ${whyUnwritten(code)}.`,
    {
      cause: error,
    },
  )
}
