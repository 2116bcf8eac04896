import type { Stats } from 'node:fs'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

// Not imported: `bhor token` runs in front of every script, see home.ts.
const { lstatSync, readlinkSync } = process.getBuiltinModule('node:fs')
const { dirname, resolve } = process.getBuiltinModule('node:path')

/** Linux gives up at as many. */
const mostLinks = 40

/**
 * Whoever can write there decides how bhor runs: only its own user and root may.
 *
 * @param what how a message names it
 * @param self the user who runs bhor; undefined where the system has no such thing
 * @throws BhorError `permissions_too_wide`
 */
export function refuseOtherHands(what: string, path: string, stats: Stats, self: number | undefined): void {
  if (self === undefined) return
  if (stats.uid !== self && stats.uid !== 0) {
    throw new BhorError('permissions_too_wide', `${what} belongs to another user.`, {
      hint: `chown ${self} ${printable(path, 400)}`,
    })
  }
  // In such a folder (/tmp) nobody can rename or replace what is another's.
  const isSticky = stats.isDirectory() && stats.uid === 0 && (stats.mode & 0o1000) !== 0
  if ((stats.mode & 0o022) !== 0 && !isSticky && !stats.isSymbolicLink()) {
    throw new BhorError('permissions_too_wide', `${what} can be written by others.`, {
      hint: `chmod go-w ${printable(path, 400)}`,
    })
  }
}

/**
 * Nobody else can put another thing at this path: it, every folder on its way and every link in it is judged. What is
 * not there yet, or not to be seen, is passed: opening it says so.
 *
 * @param what how a message names the end of the path
 * @throws BhorError `permissions_too_wide`
 */
export function refuseOtherHandsOn(
  path: string,
  what = `The folder ${printable(path, 400)}`,
  self = process.getuid?.(),
): void {
  if (self !== undefined) judge(resolve(path), what, self, mostLinks)
}

function judge(path: string, what: string, self: number, links: number): void {
  const folder = dirname(path)
  if (folder !== path) judge(folder, `The folder ${printable(folder, 400)}`, self, links)
  const stats = lookAt(path)
  if (!stats) return
  refuseOtherHands(what, path, stats, self)
  if (!stats.isSymbolicLink() || links === 0) return
  const target = resolve(folder, readlinkSync(path))
  judge(target, printable(target, 400), self, links - 1)
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
