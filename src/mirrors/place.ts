import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, normalize, relative, sep } from 'node:path'
import { hasControls } from '../core/control-characters.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

/**
 * Whether a mirror may be there: a plain file of this user's by its full path, in a folder that nobody else can swap
 * files in. No link leads there, so that nobody can lead it elsewhere.
 *
 * @param home the data folder, in which no mirror may be
 * @throws BhorError `mirror_invalid`
 */
export async function checkPlace(path: string, home: string): Promise<void> {
  const shown = printable(path, 400)
  const refuse = (why: string, hint?: string) =>
    new BhorError('mirror_invalid', `${shown} ${why}.`, {
      facts: { field: 'path' },
      ...(hint === undefined ? {} : { hint }),
    })
  if (!isAbsolute(path) || hasControls(path) || path.length > 1000 || normalize(path) !== path)
    throw refuse('is not written out in full', 'Give the full path, such as /home/you/bot/config.json.')
  const folder = dirname(path)
  const real = await realpath(folder).catch(() => undefined)
  if (real === undefined) throw refuse('is in a folder that is not there', 'Make the folder first.')
  if (real !== folder)
    throw refuse(
      'is reached over a symbolic link',
      `Name it as ${printable(real, 400)}${sep}${basename(path)}.`,
    )
  const inside = relative(await realpath(home).catch(() => home), path)
  if (!inside.startsWith('..') && !isAbsolute(inside))
    throw refuse('is in bhor’s own data folder', 'Name a place of the program’s own.')
  await refuseOthers(folder, refuse)
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  if (found.isSymbolicLink()) throw refuse('is a symbolic link', 'Name the file to which it leads.')
  if (!found.isFile()) throw refuse('is not a plain file')
  if (found.nlink > 1) throw refuse('has several names (hard links)')
  if (isOthers(found.uid)) throw refuse('belongs to another user')
}

async function refuseOthers(folder: string, refuse: (why: string, hint?: string) => BhorError) {
  const { mode, uid } = await stat(folder)
  if (isOthers(uid) && uid !== 0) throw refuse('is in a folder of another user')
  const isSticky = (mode & 0o1000) !== 0
  if (process.platform !== 'win32' && (mode & 0o022) !== 0 && !isSticky)
    throw refuse('is in a folder that other users can write', `chmod go-w ${printable(folder, 400)}`)
}

function isOthers(uid: number): boolean {
  const self = process.getuid?.()
  return self !== undefined && uid !== self
}
