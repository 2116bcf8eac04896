import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../config/load.ts'
import { BhorError } from '../../core/errors.ts'

/** What a service shall run, for whatever manager writes it down. */
export interface ServicePlan {
  readonly command: readonly string[]
  readonly home: string
  /** Whose processes they are, in a service of the system; undefined in a user's own. */
  readonly user: string | undefined
  readonly masterKeyFile: string | undefined
  readonly passphraseFile: string | undefined
  /** The two files were encrypted for this computer (`systemd-creds encrypt`). */
  readonly isEncrypted: boolean
  /** Beside the data folder: where backups go, where a store elsewhere lies. */
  readonly writable: readonly string[]
  readonly needsLowPort: boolean
}

/** What of a plan is chosen on the command line. */
export type ServiceWish = Pick<ServicePlan, 'user' | 'masterKeyFile' | 'passphraseFile' | 'isEncrypted'>

/** @throws BhorError `usage` for a bhor that will not be there tomorrow */
export function servicePlan(
  config: Config,
  wish: ServiceWish,
  command: readonly string[] = runsAs(),
): ServicePlan {
  const { storeFile, backupDir } = config
  const elsewhere = [storeFile && dirname(storeFile), backupDir].filter((path) => path !== undefined)
  return {
    ...wish,
    command,
    home: config.home,
    writable: elsewhere.filter((path) => path !== config.home && !path.startsWith(join(config.home, '/'))),
    needsLowPort: [config.port, config.porch?.port ?? 0].some((port) => port > 0 && port < 1024),
  }
}

/** This Node and this bhor, by their whole paths: a service has no PATH of yours. */
function runsAs(): readonly string[] {
  const isCompiled = import.meta.url.endsWith('.js')
  const entry = fileURLToPath(new URL(isCompiled ? '../bhor.js' : '../bhor.ts', import.meta.url))
  if (/[\\/]_npx[\\/]/.test(entry))
    throw new BhorError('usage', 'This bhor lies in the cache of npx, from which it can vanish.', {
      hint: 'Install it first: npm install --global bhor.',
    })
  return [process.execPath, entry, 'serve']
}
