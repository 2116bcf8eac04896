import type { Broker, Recogniser } from '../../contracts/broker.ts'
import { type Json, parseJson } from '../../core/json.ts'
import { brokerCalled, callsKeyClientId } from './brokers.ts'
import {
  type Found,
  type FoundValue,
  fieldNamed,
  type ImportField,
  plainName,
  type ReadFile,
  take,
} from './found.ts'

type Object_ = { readonly [name: string]: Json }
/** What tells an account from others, and is no field of it. */
const ofAccount = ['broker', 'type', 'provider', 'account', 'name', 'alias']

/**
 * JSON of one account, a list of them, or accounts by name or broker.
 *
 * @param given the broker that a person names, for what names none
 * @throws BhorError `bad_json`, `duplicate_field`, `too_deep`, `import_invalid` for one thing that is said twice
 */
export function readJson(
  path: string,
  text: string,
  brokers: readonly Broker[],
  given: string | undefined,
): ReadFile {
  const whole = parseJson(text.replace(/^\ufeff/, ''), { strictFields: true, maxDepth: 20 })
  const found: Found[] = []
  const ignored: string[] = []
  const look = (value: Json, name?: string, ofBroker?: Broker): void => {
    if (Array.isArray(value)) {
      for (const item of value) look(item, undefined, ofBroker)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const said = textAt(value, 'broker') ?? textAt(value, 'type') ?? textAt(value, 'provider')
    const named = brokerCalled(brokers, said) ?? ofBroker
    const meant = named ?? brokerCalled(brokers, given)
    const one = known(value, brokers, meant) ?? guessed(value, meant, named?.id ?? said)
    if (one) {
      const { read, ...account } = one
      const called = account.name ?? name
      found.push({ ...account, path, isWholeFile: value === whole, ...(called ? { name: called } : {}) })
      ignored.push(...unread(value, read))
      return
    }
    for (const [key, member] of Object.entries(value))
      if (typeof member === 'object' && member !== null)
        look(
          member,
          /^accounts?$|^brokers?$/i.test(key) ? undefined : key,
          brokerCalled(brokers, key) ?? ofBroker,
        )
      else ignored.push(key)
  }
  look(whole)
  return { found, ignored }
}

/** An account, and the names of the object from which it was read. */
interface FoundIn extends Omit<Found, 'path' | 'isWholeFile'> {
  readonly read: readonly string[]
}

function unread(value: Object_, read: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !read.includes(key) && value[key] !== '' && value[key] !== null)
}

function textAt(value: Object_, ...names: readonly string[]): string | undefined {
  const found = Object.entries(value).find(
    ([key, text]) => names.includes(plainName(key)) && typeof text === 'string' && text !== '',
  )
  return found?.[1] as string | undefined
}

/**
 * By what a broker's manifest says of the files of other programs.
 *
 * @param meant the broker that is named around it; a mere shape does not speak against that
 */
function known(value: Object_, brokers: readonly Broker[], meant: Broker | undefined): FoundIn | undefined {
  for (const broker of brokers)
    for (const recogniser of broker.recognises ?? []) {
      if (!fits(recogniser, value)) continue
      if (!recogniser.values && meant && meant.id !== broker.id) continue
      const fields: Partial<Record<ImportField, FoundValue>> = {}
      for (const [field, key] of Object.entries(recogniser.fields)) {
        const stands = Object.hasOwn(value, key) ? value[key] : undefined
        if (typeof stands === 'string' && stands !== '')
          fields[field as ImportField] = { value: stands, from: key }
      }
      const rateLimit = rateOf(value.rate_limit)
      return {
        source: recogniser.name,
        broker: broker.id,
        fields,
        ...(rateLimit ? { rateLimit } : {}),
        read: [
          ...Object.keys(recogniser.values ?? {}),
          ...namesIn(fields),
          ...(rateLimit ? ['rate_limit'] : []),
        ],
      }
    }
  return undefined
}

function namesIn(fields: Found['fields']): string[] {
  return Object.values(fields).map(({ from }) => from)
}

function fits({ keys, without = [], values = {} }: Recogniser, value: Object_): boolean {
  return (
    keys.every((key) => Object.hasOwn(value, key)) &&
    !without.some((key) => Object.hasOwn(value, key)) &&
    Object.entries(values).every(([key, texts]) => {
      const stands = value[key]
      return typeof stands === 'string' && texts.some((text) => text.toLowerCase() === stands.toLowerCase())
    })
  )
}

/**
 * An object of which the names of its fields tell.
 *
 * @param broker as it is said; one that bhor does not know is for whoever plans
 */
function guessed(value: Object_, meant: Broker | undefined, broker: string | undefined): FoundIn | undefined {
  const isClientIdKey = meant !== undefined && callsKeyClientId(meant)
  const fields: Partial<Record<ImportField, FoundValue>> = {}
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const named = texts.flatMap(([from, text]) => {
    const field = fieldNamed(from, isClientIdKey)
    return field && text !== '' ? [{ field, found: { value: text, from } }] : []
  })
  if (!named.some(({ field }) => field === 'apiKey' || field === 'accessToken')) return undefined
  for (const { field, found } of named) take(fields, field, found)
  const name = textAt(value, 'account', 'name', 'alias')
  return {
    source: 'JSON',
    ...(name ? { name } : {}),
    ...(broker ? { broker } : {}),
    fields,
    // A program that keeps one secret may keep a token there.
    isAmbiguous: fields.apiSecret !== undefined && fields.accessToken === undefined,
    read: [
      ...Object.keys(value).filter((key) => ofAccount.includes(plainName(key))),
      ...named.map(({ found }) => found.from),
    ],
  }
}

function rateOf(value: Json | undefined): Found['rateLimit'] {
  const { requests_per_second: perSecond, burst_size: burst } = (value ?? {}) as Object_
  if (typeof perSecond !== 'number' || typeof burst !== 'number') return undefined
  return { requestsPerSecond: perSecond, burstSize: burst }
}
