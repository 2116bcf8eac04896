import type { Stats } from 'node:fs'
import { BhorError } from '../core/errors.ts'

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
      hint: `chown ${self} ${path}`,
    })
  }
  // In such a folder (/tmp) nobody can rename or replace what is another's.
  const isSticky = stats.isDirectory() && stats.uid === 0 && (stats.mode & 0o1000) !== 0
  if ((stats.mode & 0o022) !== 0 && !isSticky) {
    throw new BhorError('permissions_too_wide', `${what} can be written by others.`, {
      hint: `chmod go-w ${path}`,
    })
  }
}
