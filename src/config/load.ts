import { join, resolve } from 'node:path'
import { BhorError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { readConfigFile } from './file.ts'
import { homeFolder } from './home.ts'
import { type OptionName, type OptionSpec, options } from './options.ts'
import { expandPath } from './paths.ts'
import { parseToml } from './toml.ts'
import { refuseUnknownVariables } from './variables.ts'

export type OptionValue = string | number | boolean | undefined
export type OptionSource = 'flag' | 'environment' | 'file' | 'default'

export interface Config {
  readonly home: string
  readonly databaseUrl: Secret
  readonly host: string
  readonly port: number
  readonly simulatorPort: number
  readonly keySource: 'auto' | 'file' | 'credential' | 'keychain' | 'passphrase' | 'environment'
  readonly masterKeyFile: string
  readonly isMasterKeyFileNamed: boolean
  readonly passphraseFile: string | undefined
  readonly masterKey: Secret | undefined
  readonly allowEnvKey: boolean
  readonly credentialsDirectory: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
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
  const home = resolve(flags.home === undefined ? homeFolder(env) : expandPath(String(flags.home), '--home'))
  const file = parseToml(readFile(join(home, 'config.toml')), 'config.toml')
  const values = new Map<OptionName, { value: OptionValue; source: OptionSource }>()
  for (const spec of options as readonly (OptionSpec & { name: OptionName })[]) {
    values.set(spec.name, pick(spec, flags[spec.name], env[spec.env], file.values.get(spec.name)))
  }
  const get = (name: OptionName) => values.get(name)?.value
  const masterKeyFile = get('master_key_file')
  const masterKey = get('master_key')
  refuseSamePort(Number(get('port')), Number(get('simulator_port')))
  return {
    home,
    databaseUrl: new Secret(String(get('database_url') ?? `sqlite:${join(home, 'bhor.db')}`)),
    host: String(get('host')),
    port: Number(get('port')),
    simulatorPort: Number(get('simulator_port')),
    keySource: get('key_source') as Config['keySource'],
    masterKeyFile: String(masterKeyFile ?? join(home, 'master.key')),
    isMasterKeyFileNamed: masterKeyFile !== undefined,
    passphraseFile: get('passphrase_file') as string | undefined,
    masterKey: masterKey === undefined ? undefined : new Secret(String(masterKey)),
    allowEnvKey: get('allow_env_key') === true,
    credentialsDirectory: env.CREDENTIALS_DIRECTORY,
    logLevel: get('log_level') as Config['logLevel'],
    hosts: file.hosts,
    brokers: file.brokers,
    explained: explain(home, values),
  }
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

function refuseSamePort(port: number, simulatorPort: number): void {
  if (port !== 0 && port === simulatorPort)
    throw new BhorError('config_invalid', `port and simulator_port are both ${port}.`, {
      hint: 'Give each a number of its own.',
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
    return { name: spec.name, env: spec.env, value: shown, source, help: spec.help }
  })
}
