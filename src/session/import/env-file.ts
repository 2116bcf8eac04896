import type { Broker } from '../../contracts/broker.ts'
import { namesOf } from './brokers.ts'
import { type Found, type FoundValue, type ImportField, plainName, type ReadFile, take } from './found.ts'

const line = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#]*))/
/** Names that say nothing of the broker; its redirect URL may. */
const ofAnyBroker: Readonly<Record<string, ImportField>> = {
  BROKER_API_KEY: 'apiKey',
  BROKER_API_SECRET: 'apiSecret',
  REDIRECT_URL: 'redirectUrl',
}

/** Behind a name these say something of the value or of its place, and name no account. */
const ofTheValue =
  /(?:^|_)(?:DATE|TIME|TIMESTAMP|EXPIRY|EXPIRES|(?:EXPIRES|ISSUED|CREATED|UPDATED|GENERATED|SAVED)_(?:AT|IN|ON)|VALID_(?:TILL|UNTIL)|TTL|FILE|PATH|DIR|URL|CMD|COMMAND|TYPE|VERSION|LENGTH|HASH)$/

/** Whether a text is made of assignments. */
export function looksLikeEnv(text: string): boolean {
  const lines = text.split(/\r\n?|\n/).filter((one) => !/^\s*(?:#|$)/.test(one.replace(/^\ufeff/, '')))
  return (
    lines.length > 0 && lines.filter((one) => line.test(one.replace(/^\ufeff/, ''))).length * 2 > lines.length
  )
}

/** Variables of one account, or of several by suffix. @throws BhorError `import_invalid` for one thing that is said twice */
export function readEnv(path: string, text: string, brokers: readonly Broker[]): ReadFile {
  const sets = new Map<
    string,
    { broker?: string; suffix: string; fields: Partial<Record<ImportField, FoundValue>> }
  >()
  const ignored: string[] = []
  for (const one of text.replace(/^\ufeff/, '').split(/\r\n?|\n/)) {
    const [, name, double, single, plain = ''] = line.exec(one) ?? []
    if (name === undefined || /^\s*#/.test(one)) continue
    const value = double ?? single ?? plain.trim()
    const meant = meaningOf(name, brokers)
    if (!meant) {
      ignored.push(name)
      continue
    }
    if (value === '') continue
    const { broker, field, suffix } = meant
    const key = `${broker ?? ''} ${suffix}`
    const set = sets.get(key) ?? { ...(broker ? { broker } : {}), suffix, fields: {} }
    take(set.fields, field, { value, from: name })
    sets.set(key, set)
  }
  const found = [...sets.values()].map(({ broker, suffix, fields }): Found => {
    const named = broker ?? brokerOfUrl(fields.redirectUrl?.value, brokers)
    return {
      source: '.env',
      path,
      isWholeFile: suffix === '',
      ...(suffix === '' ? {} : { name: suffix.toLowerCase() }),
      ...(named ? { broker: named } : {}),
      fields,
    }
  })
  return { found, ignored }
}

function meaningOf(
  name: string,
  brokers: readonly Broker[],
): { readonly broker?: string; readonly field: ImportField; readonly suffix: string } | undefined {
  for (const { id, environment } of brokers)
    for (const [field, variables] of Object.entries(environment?.names ?? {}))
      for (const variable of variables) {
        if (name !== variable && !name.startsWith(`${variable}_`)) continue
        const suffix = name.slice(variable.length + 1)
        return ofTheValue.test(suffix) ? undefined : { broker: id, field: field as ImportField, suffix }
      }
  const field = Object.hasOwn(ofAnyBroker, name) ? ofAnyBroker[name] : undefined
  return field && { field, suffix: '' }
}

/** `http://127.0.0.1:5000/ID/callback`: some programs have the broker in the path. */
function brokerOfUrl(url: string | undefined, brokers: readonly Broker[]): string | undefined {
  const parts = (URL.parse(url ?? '')?.pathname ?? '').split('/').map(plainName)
  return brokers.find((broker) => namesOf(broker).some((name) => parts.includes(name)))?.id
}
