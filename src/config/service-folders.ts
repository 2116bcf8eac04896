import { isAbsolute, join } from 'node:path'
import { ownFolder } from './paths.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where systemd looks for the units of a user; see systemd.unit(5). */
export function userUnitFolder({ XDG_CONFIG_HOME }: Environment = process.env): string {
  const folder =
    XDG_CONFIG_HOME && isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(ownFolder(), '.config')
  return join(folder, 'systemd', 'user')
}
