/**
 * Every option, once. The command line's flags, the environment, `config.toml` and the docs are made from this
 * table; flags beat environment beats file beats default.
 */
export interface OptionSpec {
  /** The name in `config.toml`. */
  readonly name: string
  readonly env: string
  readonly type: 'text' | 'number' | 'flag' | 'path'
  readonly default?: string | number | boolean
  readonly secret?: boolean
  /** Not taken from the file: it decides where the file is, or belongs to one shell. */
  readonly environmentOnly?: boolean
  readonly help: string
  readonly check?: (value: string | number | boolean) => string | undefined
}

const portRule = (value: string | number | boolean) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535
    ? undefined
    : 'a whole number from 0 to 65535, e.g. 7878'

export const options = [
  {
    name: 'home',
    env: 'BHOR_HOME',
    type: 'path',
    environmentOnly: true,
    help: 'The data folder: store, master key, socket, config.toml.',
  },
  {
    name: 'database_url',
    env: 'BHOR_DATABASE_URL',
    type: 'text',
    secret: true,
    help: 'sqlite:/path/to/bhor.db or postgres://…; left out: bhor.db in the data folder.',
    check: (v) =>
      /^(sqlite:|postgres(ql)?:\/\/)./.test(String(v))
        ? undefined
        : 'sqlite:/path/bhor.db or postgres://user@host/database',
  },
  {
    name: 'host',
    env: 'BHOR_HOST',
    type: 'text',
    default: '127.0.0.1',
    help: 'Where the desk listens. Only this computer: 127.0.0.1 or ::1.',
    check: loopbackRule,
  },
  {
    name: 'port',
    env: 'BHOR_PORT',
    type: 'number',
    default: 7878,
    help: 'The desk: page, API, callbacks.',
    check: portRule,
  },
  {
    name: 'simulator_port',
    env: 'BHOR_SIMULATOR_PORT',
    type: 'number',
    default: 7890,
    help: 'The simulator, while a sandbox account exists: this port and one more for each further broker.',
    check: portRule,
  },
  {
    name: 'key_source',
    env: 'BHOR_KEY_SOURCE',
    type: 'text',
    default: 'auto',
    help: 'Where the master key is: auto, file, credential, keychain, passphrase or environment.',
    check: (v) =>
      ['auto', 'file', 'credential', 'keychain', 'passphrase', 'environment'].includes(String(v))
        ? undefined
        : 'auto, file, credential, keychain, passphrase or environment',
  },
  {
    name: 'master_key_file',
    env: 'BHOR_MASTER_KEY_FILE',
    type: 'path',
    help: 'The master key’s file; left out: master.key in the data folder.',
  },
  {
    name: 'passphrase_file',
    env: 'BHOR_PASSPHRASE_FILE',
    type: 'path',
    help: 'A file with the passphrase, for key_source = "passphrase" without a terminal.',
  },
  {
    name: 'master_key',
    env: 'BHOR_MASTER_KEY',
    type: 'text',
    secret: true,
    environmentOnly: true,
    help: 'The master key itself; only with allow_env_key, since other programs can read an environment.',
  },
  {
    name: 'allow_env_key',
    env: 'BHOR_ALLOW_ENV_KEY',
    type: 'flag',
    default: false,
    help: 'Accept BHOR_MASTER_KEY.',
  },
  {
    name: 'log_level',
    env: 'BHOR_LOG_LEVEL',
    type: 'text',
    default: 'info',
    help: 'debug, info, warn or error.',
    check: (v) =>
      ['debug', 'info', 'warn', 'error'].includes(String(v)) ? undefined : 'debug, info, warn or error',
  },
  {
    name: 'url',
    env: 'BHOR_URL',
    type: 'text',
    environmentOnly: true,
    help: 'For client programs: the desk to talk to; left out: the socket in the data folder.',
  },
  {
    name: 'key',
    env: 'BHOR_KEY',
    type: 'text',
    secret: true,
    environmentOnly: true,
    help: 'For client programs: the client key that goes with BHOR_URL.',
  },
] as const satisfies readonly OptionSpec[]

export type OptionName = (typeof options)[number]['name']

function loopbackRule(value: string | number | boolean): string | undefined {
  return value === '127.0.0.1' || value === '::1'
    ? undefined
    : '127.0.0.1 or ::1; the desk is never bound to the network'
}

/** The known name that is nearest to `name`, if one is near: for typing mistakes. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(
        previous[j]! + 1,
        current[j - 1]! + 1,
        previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      )
    }
    previous = current
  }
  return previous[b.length]!
}
