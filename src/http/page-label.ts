import { closeSync, constants, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { newLabel } from '../core/ids.ts'
import type { Random } from '../core/random.ts'

const shape = /^([0-9a-hjkmnp-tv-z]{16})\n$/
const lengthBytes = 17
// A pipe in its place would keep the start waiting.
const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const newOnly = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW

/**
 * The part of the page's address that only this data folder knows: 80 random bits, made once and kept in `page.label`, 0600.
 * One that others could have read is replaced. Nothing depends on the old one but pages that are still open, so that no
 * fault of this file keeps bhor from starting; where it cannot be written, the label serves this run alone.
 */
export function pageLabel(home: string, random: Random): string {
  const path = join(home, 'page.label')
  const kept = readKept(path)
  if (kept !== undefined) return kept
  const label = newLabel(random)
  try {
    rmSync(path, { force: true })
    const file = openSync(path, newOnly, 0o600)
    try {
      writeSync(file, `${label}\n`)
    } finally {
      closeSync(file)
    }
  } catch {
    // Another process of this folder may have been faster.
    return readKept(path) ?? label
  }
  return label
}

function readKept(path: string): string | undefined {
  try {
    const file = openSync(path, readOnly)
    try {
      const { mode, uid } = fstatSync(file)
      const isOurs = process.getuid === undefined || ((mode & 0o077) === 0 && uid === process.getuid())
      const bytes = Buffer.alloc(lengthBytes + 1)
      const length = readSync(file, bytes)
      return isOurs ? shape.exec(bytes.toString('latin1', 0, length))?.[1] : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}
