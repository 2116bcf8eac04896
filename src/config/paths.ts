import { BhorError } from '../core/errors.ts'

// Not imported: `bhor token` runs in front of every script, see home.ts.
const { homedir } = process.getBuiltinModule('node:os')
const { isAbsolute, join } = process.getBuiltinModule('node:path')

/**
 * The folder of the user who runs bhor.
 *
 * @throws BhorError `config_invalid` where the system knows none
 */
export function ownFolder(ask = homedir): string {
  const folder = folderOrUndefined(ask)
  if (folder !== undefined && isAbsolute(folder)) return folder
  throw new BhorError('config_invalid', 'The system knows no home folder of the user that runs bhor.', {
    hint: 'Set BHOR_HOME to the folder in which bhor shall keep its data.',
  })
}

/** No HOME and no line in the list of users: Node throws. */
function folderOrUndefined(ask: () => string): string | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}

/**
 * A path as a person writes it: a shell does not expand `~` in quotes, in a file or behind `=`.
 *
 * @throws BhorError `config_invalid` for the folder of another user
 */
export function expandPath(path: string, where: string, ask = homedir): string {
  if (!path.startsWith('~')) return path
  if (path === '~' || path.startsWith('~/')) return join(ownFolder(ask), path.slice(1))
  throw new BhorError('config_invalid', `${where} begins with the folder of another user (~name).`, {
    hint: 'Write the whole path, or ./~… for a file of that name.',
  })
}
