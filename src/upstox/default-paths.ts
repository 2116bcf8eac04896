import { join } from 'node:path'
import { ownFolder } from '../config/paths.ts'

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
