import { ipNetwork } from '../core/ip-network.ts'
import { isWallClock } from '../core/ist.ts'
import { isBare, isUnprotected, webAddress } from '../core/web-address.ts'
import { porchHostRule, porchUrlRule } from './porch.ts'

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

function wholeRule(least: number, most: number) {
  return (value: string | number | boolean) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number from ${least} to ${most}`
}

export const options = [
  {
    name: 'home',
    env: 'BHOR_HOME',
    type: 'path',
    environmentOnly: true,
    help: 'The data folder: store, master key, socket, config.toml.',
  },
  {
    name: 'node',
    env: 'BHOR_NODE',
    type: 'path',
    environmentOnly: true,
    help: 'The Node that the command bhor runs on; left out: the one it is started with, the last one, or the first on PATH that is new enough.',
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
    name: 'public_url',
    env: 'BHOR_PUBLIC_URL',
    type: 'text',
    help: 'Where programs on other computers reach the desk, through a proxy that speaks TLS and passes the Host on: https://….',
    check: (v) =>
      isPublicUrl(String(v)) ? undefined : 'an https address without a path, e.g. https://bhor.example',
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
    name: 'porch.url',
    env: 'BHOR_PORCH_URL',
    type: 'text',
    help: 'How phones and brokers reach the porch: https://…. The porch is off unless one of its options is set.',
    check: porchUrlRule,
  },
  {
    name: 'porch.host',
    env: 'BHOR_PORCH_HOST',
    type: 'text',
    default: '127.0.0.1',
    help: 'Where the porch listens: an address of this computer. Without cert and key only 127.0.0.1, ::1 or one of your own network.',
    check: porchHostRule,
  },
  {
    name: 'porch.port',
    env: 'BHOR_PORCH_PORT',
    type: 'number',
    default: 7880,
    help: 'The porch: callbacks and hooks, nothing else.',
    check: portRule,
  },
  {
    name: 'porch.cert',
    env: 'BHOR_PORCH_CERT',
    type: 'path',
    help: 'The certificate of the porch in PEM, with those that vouch for it; without it a proxy in front speaks TLS.',
  },
  {
    name: 'porch.key',
    env: 'BHOR_PORCH_KEY',
    type: 'path',
    help: 'The file of its private key in PEM.',
  },
  {
    name: 'egress_echo',
    env: 'BHOR_EGRESS_ECHO',
    type: 'text',
    help: 'A service that says the address of who asks, as text or JSON: bhor egress asks it over the way out of an account. Several: with commas.',
    check: echoRule,
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
    name: 'unused_session_hours',
    env: 'BHOR_UNUSED_SESSION_HOURS',
    type: 'number',
    default: 6,
    help: 'After so many hours without a hand-out, status and doctor name a live session.',
    check: wholeRule(1, 24),
  },
  {
    name: 'unused_key_days',
    env: 'BHOR_UNUSED_KEY_DAYS',
    type: 'number',
    default: 30,
    help: 'After so many days without use, status and doctor name a client key that may read tokens.',
    check: wholeRule(1, 3650),
  },
  {
    name: 'revoke_unused_keys',
    env: 'BHOR_REVOKE_UNUSED_KEYS',
    type: 'flag',
    default: false,
    help: 'Revoke such a key.',
  },
  {
    name: 'roll_call_deadline',
    env: 'BHOR_ROLL_CALL_DEADLINE',
    type: 'text',
    default: '08:55',
    help: 'By then, in India, every account is ready on trading days.',
    check: (v) => (isWallClock(String(v)) ? undefined : 'a time of day in India, e.g. 08:55'),
  },
  {
    name: 'roll_call_at',
    env: 'BHOR_ROLL_CALL_AT',
    type: 'text',
    default: '07:30,08:15,08:35,08:50',
    help: 'When those who are missing are called, each time more urgently; all before the deadline.',
    check: callsRule,
  },
  {
    name: 'roll_call_accounts',
    env: 'BHOR_ROLL_CALL_ACCOUNTS',
    type: 'text',
    default: 'live',
    help: 'Who is called: live, all (sandbox accounts, too), or names with commas.',
    check: (v) =>
      partsOf(String(v)).every((name) => /^[a-z0-9_-]{1,40}$/.test(name))
        ? undefined
        : 'live, all, or names of accounts with commas',
  },
  {
    name: 'alerts_private_targets',
    env: 'BHOR_ALERTS_PRIVATE_TARGETS',
    type: 'text',
    help: 'Addresses or networks that are not public and to which alerts may go all the same: 192.168.1.10, 10.0.0.0/8. Several: with commas.',
    check: (v) =>
      networksIn(String(v)).includes(undefined)
        ? 'addresses or networks with commas, e.g. 192.168.1.10, 10.0.0.0/8'
        : undefined,
  },
  {
    name: 'alerts_session_hours',
    env: 'BHOR_ALERTS_SESSION_HOURS',
    type: 'number',
    default: 2,
    help: 'So many hours before its end a session is told to end soon.',
    check: wholeRule(1, 24),
  },
  {
    name: 'alerts_key_days',
    env: 'BHOR_ALERTS_KEY_DAYS',
    type: 'number',
    default: 7,
    help: 'So many days before its end a client key is told to end soon.',
    check: wholeRule(1, 365),
  },
  {
    name: 'alerts_backup_days',
    env: 'BHOR_ALERTS_BACKUP_DAYS',
    type: 'number',
    default: 2,
    help: 'A backup that is older than so many days is told to be too old, where backups are made.',
    check: wholeRule(1, 365),
  },
  {
    name: 'alerts_disk_mb',
    env: 'BHOR_ALERTS_DISK_MB',
    type: 'number',
    default: 500,
    help: 'With less than so many MiB free the disk of the data folder is told to be nearly full.',
    check: wholeRule(1, 1_000_000),
  },
  {
    name: 'alerts_check_at',
    env: 'BHOR_ALERTS_CHECK_AT',
    type: 'text',
    default: '07:25',
    help: 'When bhor looks on trading days whether each channel works, by clocks in India; where the first reminder is no later, five minutes before that.',
    check: (v) => (isWallClock(String(v)) ? undefined : 'a time of day, e.g. 07:25'),
  },
  {
    name: 'locked_notice_url',
    env: 'BHOR_LOCKED_NOTICE_URL',
    type: 'text',
    secret: true,
    help: 'An address that is told, as plain text, that bhor has started and waits for the passphrase of its vault: a topic of ntfy, a webhook.',
    check: (v) => {
      const url = webAddress(String(v))
      return url && !url.username && !url.password
        ? undefined
        : 'an https address, e.g. https://ntfy.example/topic'
    },
  },
  {
    name: 'heartbeat_url',
    env: 'BHOR_HEARTBEAT_URL',
    type: 'text',
    secret: true,
    help: 'An address that is called each minute while all is well: a service that tells you when it hears nothing any more.',
    check: (v) => {
      const url = webAddress(String(v))
      return url && !url.username && !url.password
        ? undefined
        : 'an https address, e.g. https://heartbeat.example/id'
    },
  },
  {
    name: 'trust_browsers',
    env: 'BHOR_TRUST_BROWSERS',
    type: 'flag',
    default: true,
    help: 'A browser that was signed in once stays so, also when bhor starts again. false: a sign-in ends with its tab or with bhor.',
  },
  {
    name: 'sign_in_hours',
    env: 'BHOR_SIGN_IN_HOURS',
    type: 'number',
    default: 720,
    help: 'After so many hours a browser has to sign in anew; 720 are 30 days.',
    check: wholeRule(1, 8760),
  },
  {
    name: 'sign_in_idle_minutes',
    env: 'BHOR_SIGN_IN_IDLE_MINUTES',
    type: 'number',
    default: 10_080,
    help: 'After so many minutes without use as well; 10080 are 7 days.',
    check: wholeRule(5, 525_600),
  },
  {
    name: 'backup_dir',
    env: 'BHOR_BACKUP_DIR',
    type: 'path',
    help: 'Where a backup is written each evening (20:00 in India) and before each change of the schema; no backup by itself when left out. Not the disk of the store.',
  },
  {
    name: 'backup_passphrase_file',
    env: 'BHOR_BACKUP_PASSPHRASE_FILE',
    type: 'path',
    help: 'A file with the passphrase of these backups; goes with backup_dir.',
  },
  {
    name: 'backup_keep',
    env: 'BHOR_BACKUP_KEEP',
    type: 'number',
    default: 14,
    help: 'How many of these backups are kept.',
    check: wholeRule(1, 3650),
  },
  {
    name: 'audit_retention',
    env: 'BHOR_AUDIT_RETENTION',
    type: 'text',
    help: 'After how long exported audit records are pruned, such as 5y or 400d, at least 30d; left out: never. docs/audit.md says how.',
    check: (v) =>
      retentionDays(String(v)) === undefined ? 'years or days, at least 30d, e.g. 5y' : undefined,
  },
  {
    name: 'secret_commands',
    env: 'BHOR_SECRET_COMMANDS',
    type: 'text',
    help: 'Commands that may be run for an app secret, by their first words: op read, bw get, pass show. Several: with commas; none when left out.',
    check: (v) =>
      partsOf(String(v)).every((command) => /^[^\s-]\S*(?: \S+)*$/.test(command))
        ? undefined
        : 'commands with commas, e.g. op read, pass show',
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

function isPublicUrl(text: string): boolean {
  const url = webAddress(text)
  return url !== undefined && url.protocol === 'https:' && isBare(url)
}

function loopbackRule(value: string | number | boolean): string | undefined {
  return value === '127.0.0.1' || value === '::1'
    ? undefined
    : '127.0.0.1 or ::1; the desk is never bound to the network'
}

/** The networks in the value of `alerts_private_targets`; undefined for one that is none. */
export function networksIn(value: string) {
  return partsOf(value).map((text) => ipNetwork(text))
}

/** The parts of a value with commas. */
export function partsOf(value: string): readonly string[] {
  return value.split(',').map((text) => text.trim())
}

/** Days in the value of `audit_retention`; undefined for what is no such value. */
export function retentionDays(value: string): number | undefined {
  const [, count, unit] = /^(\d{1,4})([dy])$/.exec(value) ?? []
  const days = Number(count) * (unit === 'y' ? 366 : 1)
  return days >= 30 ? days : undefined
}

function callsRule(value: string | number | boolean): string | undefined {
  const times = partsOf(String(value))
  const isRising = times.every((time, at) => at === 0 || times[at - 1]! < time)
  return times.every(isWallClock) && isRising
    ? undefined
    : 'times of day in India in their order, with commas, e.g. 07:30,08:15,08:50'
}

function echoRule(value: string | number | boolean): string | undefined {
  const isRight = partsOf(String(value)).every((text) => {
    const url = webAddress(text)
    return url && !isUnprotected(url) && !url.username && !url.password
  })
  return isRight ? undefined : 'https addresses, or http to 127.0.0.1, e.g. https://echo.example/ip'
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
