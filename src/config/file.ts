import { readFileSync, type Stats, statSync } from 'node:fs'
import { BhorError } from '../core/errors.ts'
import { refuseOtherHands } from './other-hands.ts'

/**
 * The text of `config.toml`; undefined when there is none.
 *
 * @param self the user who must own it, besides root
 * @throws BhorError `config_invalid`, `permissions_too_wide`
 */
export function readConfigFile(path: string, self = process.getuid?.()): string | undefined {
  const bytes = readBytes(path, self)
  if (bytes === undefined) return undefined
  const text = decoded(bytes)
  // An editor or a full disk left it so; falling back to every default would be a silent change.
  if (text.trim() === '') {
    throw new BhorError('config_invalid', 'config.toml is empty.', {
      hint: 'Write an option into it, or delete it.',
    })
  }
  return text
}

function readBytes(path: string, self: number | undefined): Buffer | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats) return undefined
    checkStats(path, stats, self)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof BhorError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new BhorError('config_invalid', `config.toml cannot be read (${code ?? 'unknown'}).`, {
      hint: `Check ${path} and its permissions.`,
      cause: error,
    })
  }
}

/** Of what a link points to. */
function checkStats(path: string, stats: Stats, self: number | undefined): void {
  if (!stats.isFile()) throw new BhorError('config_invalid', 'config.toml is not a plain file.')
  refuseOtherHands('config.toml', path, stats, self)
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BhorError('config_invalid', 'config.toml is not UTF-8.', { hint: 'Save it as UTF-8.' })
  }
}
