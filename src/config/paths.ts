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

/** What no shell, service manager or browser has made a path of, and what it begins or ends with. */
const unmade: readonly (readonly [shape: RegExp, what: string])[] = [
  [/^\s|\s$|\p{Cc}/u, 'has a blank or a line break at an end, or a control character'],
  [/^["'`]|["'`]$/, 'stands in quotes'],
  [/^\$|\$\{/, 'has a variable in it that nobody has replaced'],
  [/^%[a-zA-Z]/, 'has a mark in it (%) that nobody has replaced'],
  [/^[a-z][a-z\d+.-]+:/i, 'is an address and no path'],
]

/**
 * A path as a person writes it: a shell does not expand `~` in quotes, in a file or behind `=`. What is left of a
 * shell's or a service's own spelling would make a folder of that name where bhor was started.
 *
 * @throws BhorError `config_invalid` for that, and for the folder of another user
 */
export function expandPath(path: string, where: string, ask = homedir): string {
  const left = unmade.find(([shape]) => shape.test(path))
  if (left)
    throw new BhorError('config_invalid', `${where} ${left[1]}.`, {
      hint: 'Write the path itself, or ./… for a file that is really called so.',
    })
  if (!path.startsWith('~')) return path
  if (path === '~' || path.startsWith('~/')) return join(ownFolder(ask), path.slice(1))
  throw new BhorError('config_invalid', `${where} begins with the folder of another user (~name).`, {
    hint: 'Write the whole path, or ./~… for a file of that name.',
  })
}
