import { expandPath, ownFolder } from './paths.ts'
import { refuseUnknownVariables } from './variables.ts'

// Not imported: each ESM import of a built-in module lists all its exports, and `bhor token` runs in front of every script.
const { isAbsolute, join, resolve } = process.getBuiltinModule('node:path')

type Environment = Readonly<Record<string, string | undefined>>

/** The platform's state folder for bhor, unless `BHOR_HOME` names another. */
export function homeFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (env.BHOR_HOME) return expandPath(env.BHOR_HOME, 'BHOR_HOME')
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(ownFolder(), 'AppData', 'Local'), 'bhor')
  if (platform === 'darwin') return join(ownFolder(), 'Library', 'Application Support', 'bhor')
  return join(stateFolder(env), 'bhor')
}

/** A relative one is to be ignored: https://specifications.freedesktop.org/basedir/latest/ */
function stateFolder({ XDG_STATE_HOME }: Environment): string {
  return XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(ownFolder(), '.local', 'state')
}

/** Where a running server answers the command line of the same user. */
export function socketPath(home: string): string {
  return join(home, 'bhor.sock')
}

/**
 * What the script commands need before anything is loaded.
 *
 * @throws BhorError `config_invalid` for an unknown variable, or where there is no home folder
 */
export function clientEnvironment(): { home: string; url: string | undefined; key: string | undefined } {
  const { env } = process
  refuseUnknownVariables(env)
  return { home: resolve(homeFolder(env)), url: env.BHOR_URL || undefined, key: env.BHOR_KEY || undefined }
}

/** https://no-color.org */
export function isColourWanted(): boolean {
  return !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}
