import { readFileSync } from 'node:fs'
import { BhorError } from '../core/errors.ts'
import { readSecretInput, trimmedSecret } from './terminal.ts'

/** The secret in a file, or on stdin for `-`. @throws BhorError `bad_secret` */
export async function secretFrom(file: string, what: string): Promise<string> {
  if (file === '-') return readSecretInput(what)
  try {
    return trimmedSecret(readFileSync(file, 'utf8'), what)
  } catch (error) {
    if (error instanceof BhorError) throw error
    throw new BhorError('bad_secret', `The file with the ${what} cannot be read.`, {
      hint: 'Check its path and permissions.',
      cause: error,
    })
  }
}
