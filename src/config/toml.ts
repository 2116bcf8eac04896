import { parse, TomlError } from 'smol-toml'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { isUnprotected, webAddress } from '../core/web-address.ts'
import { nearest, options } from './options.ts'

const secretName =
  /secret|password|passphrase$|^pin$|totp|access_?token|refresh_?token|client_?key|master_?key$/i

export interface ConfigFile {
  readonly values: ReadonlyMap<string, { readonly value: unknown; readonly line: number }>
  readonly hosts: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly brokers: Readonly<Record<string, { readonly module: string }>>
}

/**
 * Reads `config.toml`: the options of the table, `[porch]` with its own, `[hosts.<broker>]` with base URLs by role, and
 * `[brokers.<id>]` with the module of an adapter.
 *
 * @throws BhorError `config_invalid` with file, line and column; the text is never quoted, it may hold a secret
 */
export function parseToml(text: string | undefined, fileName: string): ConfigFile {
  if (text === undefined) return { values: new Map(), hosts: {}, brokers: {} }
  const parsed = parseOrThrow(text, fileName)
  const known: string[] = options.map((option) => option.name)
  const values = new Map<string, { value: unknown; line: number }>()
  let hosts: ConfigFile['hosts'] = {}
  let brokers: ConfigFile['brokers'] = {}
  for (const [name, value] of Object.entries(parsed)) {
    const line = lineOf(text, name)
    if (name === 'hosts') {
      hosts = checkedHosts(value, `${fileName}:${line}`)
    } else if (name === 'brokers') {
      brokers = checkedBrokers(value, `${fileName}:${line}`)
    } else if (name === 'porch') {
      for (const [option, inner] of porchEntries(value, `${fileName}:${line}`))
        values.set(option, { value: inner, line: lineOf(text, option.slice('porch.'.length)) })
    } else if (known.includes(name)) {
      values.set(name, { value, line })
    } else {
      if (secretName.test(name)) {
        throw new BhorError('config_invalid', `${fileName}:${line}: secrets do not belong in the file.`, {
          hint: 'Delete the line and store it sealed, with the account: bhor accounts edit --api-secret-file -',
        })
      }
      const near = nearest(name, [...known, 'hosts', 'brokers', 'porch'])
      throw new BhorError(
        'config_invalid',
        `${fileName}:${line}: unknown key "${printable(name, 40)}".`,
        near ? { hint: `Did you mean "${near}"?` } : {},
      )
    }
  }
  return { values, hosts, brokers }
}

function parseOrThrow(text: string, fileName: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    const twice = namedTwice(text)
    if (twice) {
      const { name, first, second } = twice
      throw new BhorError(
        'config_invalid',
        `${fileName}: "${name}" stands in line ${first} and again in line ${second}.`,
      )
    }
    const where = error instanceof TomlError ? `${fileName}:${error.line}:${error.column}` : fileName
    throw new BhorError('config_invalid', `${where}: this is not valid TOML.`)
  }
}

/** An option that is given twice before the first table; the parser only says where the second one stands. */
function namedTwice(text: string): { name: string; first: number; second: number } | undefined {
  const seen = new Map<string, number>()
  for (const [at, line] of text.split('\n').entries()) {
    if (/^\s*\[/.test(line)) return undefined
    const name = /^\s*["']?([A-Za-z0-9_-]{1,40})["']?\s*=/.exec(line)?.[1]
    if (name === undefined) continue
    const first = seen.get(name)
    if (first !== undefined) return { name, first, second: at + 1 }
    seen.set(name, at + 1)
  }
  return undefined
}

function checkedHosts(value: unknown, where: string): ConfigFile['hosts'] {
  const refuse = (what: string) =>
    new BhorError('config_invalid', `${where}: ${printable(what)}`, {
      hint: 'Write [hosts.ID] and below it api = "https://…".',
    })
  if (typeof value !== 'object' || value === null) throw refuse('hosts must be a table.')
  const hosts: Record<string, Record<string, string>> = {}
  for (const [broker, roles] of Object.entries(value)) {
    if (typeof roles !== 'object' || roles === null) throw refuse(`hosts.${broker} must be a table.`)
    hosts[broker] = {}
    for (const [role, origin] of Object.entries(roles)) {
      const url = typeof origin === 'string' ? webAddress(origin) : undefined
      if (!url || isUnprotected(url))
        throw refuse(`hosts.${broker}.${role} must be https, or http to 127.0.0.1.`)
      if (url.username || url.password || url.search || url.hash)
        throw refuse(`hosts.${broker}.${role} must be an address without a user, a query or a fragment.`)
      hosts[broker] = { ...hosts[broker], [role]: `${url.origin}${url.pathname}`.replace(/\/+$/, '') }
    }
  }
  return hosts
}

function checkedBrokers(value: unknown, where: string): ConfigFile['brokers'] {
  const refuse = (what: string, hint = 'Write [brokers.ID] and below it module = "/path/of/adapter.ts".') =>
    new BhorError('config_invalid', `${where}: ${printable(what)}`, { hint })
  if (!isTable(value)) throw refuse('brokers must be a table.')
  for (const [id, table] of Object.entries(value)) {
    if (!isTable(table)) throw refuse(`brokers.${id} must be a table.`)
    const unknown = Object.keys(table).find((key) => key !== 'module')
    if (unknown !== undefined) {
      const near = nearest(unknown, ['module'])
      throw refuse(`brokers.${id}.${unknown} is not known.`, near && `Did you mean "${near}"?`)
    }
    if (typeof table.module !== 'string' || table.module === '')
      throw refuse(`brokers.${id}.module must be a path or the name of a package.`)
  }
  return value as ConfigFile['brokers']
}

/** The options below `[porch]`, by their whole names. */
function porchEntries(value: unknown, where: string): [string, unknown][] {
  const known: readonly string[] = options.map(({ name }) => name)
  const refuse = (what: string, hint = 'Write [porch] and below it url = "https://…".') =>
    new BhorError('config_invalid', `${where}: ${printable(what)}`, { hint })
  if (!isTable(value)) throw refuse('porch must be a table.')
  return Object.entries(value).map(([name, inner]) => {
    const option = `porch.${name}`
    if (known.includes(option)) return [option, inner]
    const near = nearest(
      option,
      known.filter((one) => one.startsWith('porch.')),
    )
    throw refuse(`${option.slice(0, 40)} is not known.`, near && `Did you mean "${near.slice(6)}"?`)
  })
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lineOf(text: string, name: string): number {
  const at = text
    .split('\n')
    .findIndex((line) =>
      new RegExp(`^\\s*(\\[\\s*)?["']?${name.replace(/[^\w-]/g, '.')}["']?\\s*(=|\\]|\\.)`).test(line),
    )
  return at + 1 || 1
}
