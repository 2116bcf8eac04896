import { parse, TomlError } from 'smol-toml'
import { BhorError } from '../core/errors.ts'
import { nearest, options } from './options.ts'

export interface ConfigFile {
  readonly values: ReadonlyMap<string, { readonly value: unknown; readonly line: number }>
  readonly hosts: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/**
 * Reads `config.toml`: the options of the table, and `[hosts.<broker>]` with origins by role.
 *
 * @throws BhorError `config_invalid` with file, line and column; the text is never quoted, it may hold a secret
 */
export function parseToml(text: string | undefined, fileName: string): ConfigFile {
  if (text === undefined) return { values: new Map(), hosts: {} }
  const parsed = parseOrThrow(text, fileName)
  const known: string[] = options.map((option) => option.name)
  const values = new Map<string, { value: unknown; line: number }>()
  let hosts: ConfigFile['hosts'] = {}
  for (const [name, value] of Object.entries(parsed)) {
    const line = lineOf(text, name)
    if (name === 'hosts') {
      hosts = checkedHosts(value, `${fileName}:${line}`)
    } else if (known.includes(name)) {
      values.set(name, { value, line })
    } else {
      const near = nearest(name, [...known, 'hosts'])
      throw new BhorError(
        'config_invalid',
        `${fileName}:${line}: unknown key "${name.slice(0, 40)}".`,
        near ? { hint: `Did you mean "${near}"?` } : {},
      )
    }
  }
  return { values, hosts }
}

function parseOrThrow(text: string, fileName: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    const where = error instanceof TomlError ? `${fileName}:${error.line}:${error.column}` : fileName
    throw new BhorError('config_invalid', `${where}: this is not valid TOML.`)
  }
}

function checkedHosts(value: unknown, where: string): ConfigFile['hosts'] {
  const refuse = (what: string) =>
    new BhorError('config_invalid', `${where}: ${what}`, {
      hint: 'Write [hosts.kite] and below it api = "https://…".',
    })
  if (typeof value !== 'object' || value === null) throw refuse('hosts must be a table.')
  for (const [broker, roles] of Object.entries(value)) {
    if (typeof roles !== 'object' || roles === null) throw refuse(`hosts.${broker} must be a table.`)
    for (const [role, origin] of Object.entries(roles)) {
      const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined
      const isPlainToSelf = url?.protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(url.hostname)
      if (!url || (url.protocol !== 'https:' && !isPlainToSelf))
        throw refuse(`hosts.${broker}.${role} must be https, or http to 127.0.0.1.`)
    }
  }
  return value as ConfigFile['hosts']
}

function lineOf(text: string, name: string): number {
  const at = text
    .split('\n')
    .findIndex((line) =>
      new RegExp(`^\\s*(\\[\\s*)?["']?${name.replace(/[^\w-]/g, '.')}["']?\\s*(=|\\]|\\.)`).test(line),
    )
  return at + 1 || 1
}
