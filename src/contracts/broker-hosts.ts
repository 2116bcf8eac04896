import { BhorError } from '../core/errors.ts'
import type { Broker, Values } from './broker.ts'

/** One label of a host name; as a part of a path it is harmless too. */
const filling = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
const placeholder = /\{([A-Za-z][A-Za-z0-9]*)\}/g

/** The names of the placeholders in a base URL. */
export function placeholdersIn(template: string): readonly string[] {
  return [...template.matchAll(placeholder)].map(([, name]) => name!)
}

/**
 * The base URLs by role for one account: the broker's own or those of its public sandbox, with the account's public
 * fields filled in. A value cannot lead out of the place in which it stands.
 *
 * @param fields the account's public fields by name
 * @param instead what the configuration says in place of the broker's own
 * @throws BhorError `bad_field` for a field that is missing or does not fit, `config_invalid` where there is no sandbox
 */
export function hostsFor(
  broker: Pick<Broker, 'name' | 'hosts' | 'sandboxHosts'>,
  kind: 'live' | 'broker-sandbox',
  fields: Values,
  instead: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const templates = kind === 'live' ? broker.hosts : broker.sandboxHosts
  if (!templates)
    throw new BhorError('config_invalid', `${broker.name} has no public sandbox.`, {
      hint: 'Use the kind sandbox: the simulator of bhor.',
    })
  const given = kind === 'live' ? instead : {}
  const own = Object.entries(templates).filter(([role]) => !Object.hasOwn(given, role))
  return {
    ...Object.fromEntries(own.map(([role, template]) => [role, filled(broker.name, template, fields)])),
    ...given,
  }
}

function filled(brokerName: string, template: string, fields: Values): string {
  const url = template.replaceAll(placeholder, (_, name: string) => {
    const value = Object.hasOwn(fields, name) ? fields[name]! : ''
    if (filling.test(value)) return value
    const why = value === '' ? 'is missing' : 'does not fit into an address'
    throw new BhorError('bad_field', `The field ${name}, which is part of ${brokerName}’s address, ${why}.`, {
      facts: { field: name },
    })
  })
  if (isBaseUrl(url)) return url
  throw new BhorError('bad_field', `The address of ${brokerName} is not one with this account’s fields.`)
}

/** Https, nothing but a host and perhaps a path, written as a browser would write it. */
export function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, origin, pathname } = new URL(text)
  const written = origin + (pathname === '/' ? '' : pathname)
  const isPlain = !pathname.includes('//') && !text.endsWith('/')
  return protocol === 'https:' && isPlain && text.toLowerCase() === written.toLowerCase()
}
