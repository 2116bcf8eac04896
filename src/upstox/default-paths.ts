import { join } from 'node:path'
import { expandPath, ownFolder } from '../config/paths.ts'
import { BhorError } from '../core/errors.ts'

/** Where the document keeps its files, below the home of the user who runs this. @throws BhorError `config_invalid` */
export function defaultPaths() {
  const folder = join(ownFolder(), '.hft')
  return {
    folder,
    tokenStorageDir: join(folder, 'tokens'),
    credentialsFile: join(folder, 'credentials.json'),
    logFile: join(folder, 'logs', 'hft.log'),
  }
}

/** A path as a program gives it. @throws BhorError `config_invalid` for what is no text, and for the folder of another user */
export function pathIn(given: unknown, where: string): string {
  if (typeof given === 'string') return expandPath(given, where)
  throw new BhorError('config_invalid', `${where} is not a text.`, { hint: 'Give a path, such as ~/.hft.' })
}
