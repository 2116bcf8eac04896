import { join, resolve } from 'node:path'
import { BhorError } from '../core/errors.ts'
import type { IpNetwork } from '../core/ip-network.ts'
import type { WallClock } from '../core/ist.ts'
import { Secret } from '../core/secret.ts'
import { readConfigFile } from './file.ts'
import { homeFolder } from './home.ts'
import { networksIn, type OptionName, type OptionSpec, options, partsOf, retentionDays } from './options.ts'
import { expandPath } from './paths.ts'
import { type PorchConfig, porchConfig } from './porch.ts'
import { parseToml } from './toml.ts'
import { refuseUnknownVariables } from './variables.ts'

export type OptionValue = string | number | boolean | undefined
export type OptionSource = 'flag' | 'environment' | 'file' | 'default'

export interface Config {
  readonly home: string
  readonly databaseUrl: Secret
  /** Where the store lies, when it is a file. */
  readonly storeFile: string | undefined
  readonly host: string
  readonly port: number
  readonly publicUrl: string | undefined
  readonly simulatorPort: number
  /** `[porch]`; undefined where nothing is set. */
  readonly porch: PorchConfig | undefined
  /** Who says by which address an account leaves; empty for nobody. */
  readonly egressEcho: readonly string[]
  readonly keySource: 'auto' | 'file' | 'credential' | 'keychain' | 'passphrase' | 'environment'
  readonly masterKeyFile: string
  readonly isMasterKeyFileNamed: boolean
  readonly passphraseFile: string | undefined
  readonly masterKey: Secret | undefined
  readonly allowEnvKey: boolean
  readonly credentialsDirectory: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly unusedSessionHours: number
  readonly unusedKeyDays: number
  readonly revokeUnusedKeys: boolean
  readonly rollCall: {
    /** By clocks in India. */
    readonly deadline: WallClock
    /** Rising; all before the deadline. */
    readonly calls: readonly WallClock[]
    readonly accounts: 'live' | 'all' | readonly string[]
  }
  readonly alerts: {
    readonly privateTargets: readonly IpNetwork[]
    readonly sessionHours: number
    readonly keyDays: number
    readonly backupDays: number
    readonly diskMb: number
    readonly checkAt: WallClock
    readonly heartbeatUrl: Secret | undefined
    readonly lockedNoticeUrl: Secret | undefined
  }
  /** How long a browser stays signed in. */
  readonly trustBrowsers: boolean
  readonly signInHours: number
  readonly signInIdleMinutes: number
  /** After so many days exported audit records are pruned; never when left out. */
  readonly auditRetentionDays: number | undefined
  /** Where bhor makes backups by itself; nowhere when left out. */
  readonly backupDir: string | undefined
  readonly backupPassphraseFile: string | undefined
  readonly backupKeep: number
  /** What may be run for an app secret: the first words of commands. */
  readonly secretCommands: readonly string[]
  /** `[hosts.kite] api = "https://…"`: origins by broker and role. */
  readonly hosts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** `[brokers.ID] module = "…"`: adapters outside the repository. */
  readonly brokers: Readonly<Record<string, { readonly module: string }>>
  /** For `bhor config`: every option with where its value came from; secrets masked. */
  readonly explained: readonly ExplainedOption[]
}

export interface ExplainedOption {
  readonly name: string
  readonly env: string
  readonly value: string
  readonly source: OptionSource
  readonly help: string
  readonly type: OptionSpec['type']
  /** Where it can be set for good. */
  readonly place: 'file' | 'environment'
}

export interface LoadOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** From the command line, by option name. */
  readonly flags?: Readonly<Partial<Record<OptionName, OptionValue>>>
  readonly readFile?: (path: string) => string | undefined
}

/**
 * Reads flags, environment and `config.toml`. Nothing unknown is ever ignored.
 *
 * @throws BhorError `config_invalid` naming file, line or variable, and the nearest known name; never the value
 */
export function loadConfig({
  env = process.env,
  flags = {},
  readFile = readConfigFile,
}: LoadOptions = {}): Config {
  refuseUnknownVariables(env)
  const home = resolve(flags.home ? expandPath(String(flags.home), '--home') : homeFolder(env))
  const file = parseToml(readFile(join(home, 'config.toml')), 'config.toml')
  const values = new Map<OptionName, { value: OptionValue; source: OptionSource }>()
  for (const spec of options as readonly (OptionSpec & { name: OptionName })[]) {
    values.set(spec.name, pick(spec, flags[spec.name], env[spec.env], file.values.get(spec.name)))
  }
  const get = (name: OptionName) => values.get(name)?.value
  const rollCall = rollCallOf(get)
  const checkAt = checkAtOf(get('alerts_check_at') as WallClock, rollCall)
  // What is explained is what counts.
  values.set('alerts_check_at', { source: 'default', ...values.get('alerts_check_at'), value: checkAt })
  const databaseUrl = String(get('database_url') ?? `sqlite:${join(home, 'bhor.db')}`)
  const masterKeyFile = get('master_key_file')
  const masterKey = get('master_key')
  const echo = get('egress_echo')
  const heartbeatUrl = get('heartbeat_url')
  const lockedNoticeUrl = get('locked_notice_url')
  const targets = get('alerts_private_targets')
  const porch = porchConfig(get, (name) => (values.get(name)?.source ?? 'default') !== 'default')
  refuseSamePort({
    port: Number(get('port')),
    simulator_port: Number(get('simulator_port')),
    ...(porch ? { 'porch.port': porch.port } : {}),
  })
  refuseSameOrigin(get('public_url'), porch?.url)
  refuseHalf('backup_dir', get('backup_dir'), 'backup_passphrase_file', get('backup_passphrase_file'))
  return {
    home,
    databaseUrl: new Secret(databaseUrl),
    storeFile: /^sqlite:(.+)$/s.exec(databaseUrl)?.[1],
    host: String(get('host')),
    port: Number(get('port')),
    publicUrl: get('public_url') as string | undefined,
    simulatorPort: Number(get('simulator_port')),
    porch,
    egressEcho: echo === undefined ? [] : partsOf(String(echo)),
    keySource: get('key_source') as Config['keySource'],
    masterKeyFile: String(masterKeyFile ?? join(home, 'master.key')),
    isMasterKeyFileNamed: masterKeyFile !== undefined,
    passphraseFile: get('passphrase_file') as string | undefined,
    masterKey: masterKey === undefined ? undefined : new Secret(String(masterKey)),
    allowEnvKey: get('allow_env_key') === true,
    credentialsDirectory: env.CREDENTIALS_DIRECTORY,
    logLevel: get('log_level') as Config['logLevel'],
    unusedSessionHours: Number(get('unused_session_hours')),
    unusedKeyDays: Number(get('unused_key_days')),
    revokeUnusedKeys: get('revoke_unused_keys') === true,
    rollCall,
    alerts: {
      privateTargets:
        targets === undefined ? [] : networksIn(String(targets)).flatMap((network) => network ?? []),
      sessionHours: Number(get('alerts_session_hours')),
      keyDays: Number(get('alerts_key_days')),
      backupDays: Number(get('alerts_backup_days')),
      diskMb: Number(get('alerts_disk_mb')),
      checkAt,
      heartbeatUrl: heartbeatUrl === undefined ? undefined : new Secret(String(heartbeatUrl)),
      lockedNoticeUrl: lockedNoticeUrl === undefined ? undefined : new Secret(String(lockedNoticeUrl)),
    },
    trustBrowsers: get('trust_browsers') === true,
    signInHours: Number(get('sign_in_hours')),
    signInIdleMinutes: Number(get('sign_in_idle_minutes')),
    auditRetentionDays: retentionDays(String(get('audit_retention') ?? '')),
    backupDir: get('backup_dir') as string | undefined,
    backupPassphraseFile: get('backup_passphrase_file') as string | undefined,
    backupKeep: Number(get('backup_keep')),
    secretCommands: partsOf(String(get('secret_commands') ?? '')),
    hosts: file.hosts,
    brokers: file.brokers,
    explained: explain(home, values),
  }
}

/** @throws BhorError `config_invalid` for a call that comes when the deadline is over */
function rollCallOf(get: (name: OptionName) => OptionValue): Config['rollCall'] {
  const deadline = String(get('roll_call_deadline')) as WallClock
  const calls = partsOf(String(get('roll_call_at'))) as WallClock[]
  const late = calls.find((time) => time >= deadline)
  if (late !== undefined)
    throw new BhorError(
      'config_invalid',
      `roll_call_at has ${late}, which is not before roll_call_deadline, ${deadline}.`,
      {
        hint: 'Call earlier, or move the deadline.',
      },
    )
  const named = String(get('roll_call_accounts'))
  return { deadline, calls, accounts: named === 'live' || named === 'all' ? named : partsOf(named) }
}

/** Whether a channel works is looked at before the first reminder goes out over it: five minutes, where it would be later. */
function checkAtOf(wanted: WallClock, { calls: [first] }: Config['rollCall']): WallClock {
  if (first === undefined || wanted < first) return wanted
  const before = Temporal.PlainTime.from(first).subtract({ minutes: 5 })
  const time = before.toString({ smallestUnit: 'minute' }) as WallClock
  return time < first ? time : '00:00'
}

function pick(
  spec: OptionSpec & { name: OptionName },
  flag: OptionValue,
  env: string | undefined,
  file: { value: unknown; line: number } | undefined,
) {
  const where = `config.toml:${file?.line}: ${spec.name}`
  // Also where a flag or a variable comes before the file: what must not stand there does not do so quietly.
  if (file !== undefined && spec.secret)
    throw new BhorError('config_invalid', `${where} is a secret; secrets do not belong in the file.`, {
      hint: `Set ${spec.env} instead.`,
    })
  if (file !== undefined && spec.environmentOnly)
    throw new BhorError('config_invalid', `${where} can only be set as ${spec.env}.`)
  if (flag !== undefined)
    return {
      value: checked(
        spec,
        typeof flag === 'string' ? fromText(spec, flag) : flag,
        `--${spec.name.replaceAll('_', '-')}`,
      ),
      source: 'flag' as const,
    }
  if (env !== undefined && env !== '')
    return { value: checked(spec, fromText(spec, env), spec.env), source: 'environment' as const }
  if (file !== undefined)
    return { value: checked(spec, file.value as OptionValue, where), source: 'file' as const }
  return { value: spec.default, source: 'default' as const }
}

function fromText(spec: OptionSpec, text: string): OptionValue {
  if (spec.type === 'number') return /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (spec.type === 'flag')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text
  return text
}

const ruleOf = { text: 'a text', path: 'a path', number: 'a number', flag: 'true or false' }

function checked(spec: OptionSpec, value: OptionValue, where: string): OptionValue {
  const wanted = { text: 'string', path: 'string', number: 'number', flag: 'boolean' }[spec.type]
  const isWanted = typeof value === wanted && !Number.isNaN(value)
  const rule = spec.check?.(value as string | number | boolean) ?? (isWanted ? undefined : ruleOf[spec.type])
  if (rule) throw new BhorError('config_invalid', `${where} must be ${rule}.`)
  return expanded(spec, value, where)
}

function expanded({ name, type }: OptionSpec, value: OptionValue, where: string): OptionValue {
  if (type === 'path') return expandPath(String(value), where)
  if (name !== 'database_url') return value
  return String(value).replace(/^sqlite:(.+)$/s, (_, path: string) => `sqlite:${expandPath(path, where)}`)
}

function refuseHalf(name: OptionName, value: OptionValue, other: OptionName, others: OptionValue): void {
  if ((value === undefined) === (others === undefined)) return
  const [given, missing] = value === undefined ? [other, name] : [name, other]
  throw new BhorError('config_invalid', `${given} is set, but ${missing} is not.`, {
    hint: `Set ${missing} too.`,
  })
}

function refuseSamePort(ports: Readonly<Record<string, number>>): void {
  const taken = new Map<number, string>()
  for (const [name, port] of Object.entries(ports)) {
    const other = taken.get(port)
    if (port !== 0 && other !== undefined)
      throw new BhorError('config_invalid', `${other} and ${name} are both ${port}.`, {
        hint: 'Give each a number of its own.',
      })
    taken.set(port, name)
  }
}

/** Pages of one origin see each other: what the world may reach must not share one with the desk. */
function refuseSameOrigin(publicUrl: OptionValue, porchUrl: string | undefined): void {
  if (porchUrl === undefined || publicUrl === undefined || new URL(String(publicUrl)).origin !== porchUrl)
    return
  throw new BhorError('config_invalid', 'public_url and porch.url are the same address.', {
    hint: 'Give the porch a name of its own, or leave public_url out.',
  })
}

function explain(
  home: string,
  values: Map<OptionName, { value: OptionValue; source: OptionSource }>,
): ExplainedOption[] {
  return (options as readonly (OptionSpec & { name: OptionName })[]).map((spec) => {
    const { value, source } = values.get(spec.name) ?? { value: undefined, source: 'default' as const }
    const shown =
      spec.name === 'home' ? home : value === undefined ? '' : spec.secret ? '[secret]' : String(value)
    const { name, env, help, type } = spec
    const place = spec.secret || spec.environmentOnly ? 'environment' : 'file'
    return { name, env, value: shown, source, help, type, place }
  })
}
