import { tokenVariables, variableText } from './variables.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a program is given of a session. */
export interface Given {
  /** The hand-out. */
  readonly session: { readonly [Field in keyof typeof tokenVariables]: string | number | object }
  /** By which names programs of this broker know some of its fields. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** The desk, and the key that this program has for it. */
  readonly url: string
  readonly key: string
}

/**
 * The environment of a program that runs with a session. Of bhor's own variables it gets only those that are for it:
 * how the server is set up is not its matter.
 */
export function programEnvironment(given: Given, env: Environment = process.env): Record<string, string> {
  const { session, names, url, key } = given
  const inherited = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (!entry[0].startsWith('BHOR_') || entry[0] === 'BHOR_HOME'),
  )
  const fields = Object.entries(tokenVariables) as [keyof typeof tokenVariables, string][]
  const ours = fields.map(([field, name]) => [name, variableText(session[field])])
  const brokers = fields.flatMap(([field]) =>
    (names[field] ?? []).map((name) => [name, variableText(session[field])]),
  )
  const noProxy = withLoopback(env.no_proxy ?? env.NO_PROXY ?? '')
  return {
    ...Object.fromEntries([...inherited, ...ours, ...brokers]),
    BHOR_URL: url,
    BHOR_KEY: key,
    // Half of all programs read the one, half the other.
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  }
}

/** What is on this computer goes through no proxy. */
function withLoopback(list: string): string {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.includes('*')) return '*'
  return [...new Set([...names, '127.0.0.1', '::1', 'localhost'])].join(',')
}
