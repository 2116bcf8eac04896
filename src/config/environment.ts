import { BhorError } from '../core/errors.ts'
import { hasUnsafeOption, wordsOfNodeOptions } from './node-options.ts'

type Environment = Readonly<Record<string, string | undefined>>

const foreign = 'it may load foreign code or let others look in'

/** Settings of Node itself that would undo bhor's protection. @throws BhorError `environment_refused` */
export function refuseUnsafeEnvironment(
  env: Environment = process.env,
  nodeArguments: readonly string[] = process.execArgv,
): void {
  const refused = [
    [
      'NODE_TLS_REJECT_UNAUTHORIZED is',
      env.NODE_TLS_REJECT_UNAUTHORIZED === '0',
      'it turns certificate checks off',
    ],
    ['NODE_OPTIONS is', hasUnsafeOption(wordsOfNodeOptions(env.NODE_OPTIONS ?? '')), foreign],
    ['A command-line option of Node is', hasUnsafeOption(nodeArguments), foreign],
    ['NODE_DEBUG is', (env.NODE_DEBUG ?? '') !== '', 'it prints requests with their secrets'],
    ['NODE_DEBUG_NATIVE is', (env.NODE_DEBUG_NATIVE ?? '') !== '', 'it prints what goes over the network'],
  ] as const
  for (const [what, isSet, why] of refused) {
    if (isSet) throw new BhorError('environment_refused', `${what} set in a way that bhor refuses: ${why}.`)
  }
}

/** What other programs' variables hold, in this order; undefined for one that is not set or empty. */
export function valuesOf(names: readonly string[], env: Environment = process.env): (string | undefined)[] {
  return names.map((name) => env[name] || undefined)
}

/** Whether a browser can show up in front of this user. On a Mac or Windows one can, unless he came over the network. */
export function hasBrowser(env: Environment = process.env, platform: string = process.platform): boolean {
  const isFarAway = Boolean(env.SSH_CONNECTION ?? env.SSH_TTY)
  if (platform === 'darwin' || platform === 'win32') return !isFarAway
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** How this bhor was called, as the next command has to begin. */
export function ownCommand(env: Environment = process.env): string {
  return env.npm_command === 'exec' ? 'npx bhor' : 'bhor'
}

/** What an operator should hear at the start, one sentence each. Values are never quoted. */
export function environmentWarnings(
  env: Environment = process.env,
  userId: number | undefined = process.getuid?.(),
): string[] {
  const warnings: string[] = []
  if (userId === 0) warnings.push('bhor runs as root. Give it a user of its own.')
  const proxy = Object.keys(env).find((name) => /^(https?|all)_proxy$/i.test(name) && env[name])
  if (proxy !== undefined)
    warnings.push(`${proxy} is set, but bhor ignores it: it talks to the brokers directly.`)
  if (env.BHOR_MASTER_KEY)
    warnings.push('The master key is in the environment: child processes and /proc can see it.')
  if (env.TZ && !isTimeZone(env.TZ))
    warnings.push('TZ names no time zone. bhor does not need it: its times are UTC and Asia/Kolkata.')
  return warnings
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
