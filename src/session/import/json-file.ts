import type { Broker, Recogniser } from '../../contracts/broker.ts'
import { type Json, parseJson } from '../../core/json.ts'
import { callsKeyClientId } from './brokers.ts'
import {
  type Found,
  type FoundValue,
  fieldNamed,
  type ImportField,
  plainName,
  type ReadFile,
} from './found.ts'

type Object_ = { readonly [name: string]: Json }

/** JSON of one account, a list of them, or accounts by name. @throws BhorError `bad_json`, `duplicate_field`, `too_deep` */
export function readJson(path: string, text: string, brokers: readonly Broker[]): ReadFile {
  const whole = parseJson(text.replace(/^\ufeff/, ''), { strictFields: true, maxDepth: 20 })
  const found: Found[] = []
  const ignored: string[] = []
  const look = (value: Json, name: string | undefined): void => {
    if (Array.isArray(value)) {
      for (const item of value) look(item, undefined)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const one = known(value, brokers) ?? guessed(value, brokers)
    if (one) {
      const { read, ...account } = one
      const called = account.name ?? name
      found.push({ ...account, path, isWholeFile: value === whole, ...(called ? { name: called } : {}) })
      ignored.push(...unread(value, read))
      return
    }
    for (const [key, member] of Object.entries(value))
      if (typeof member === 'object' && member !== null)
        look(member, /^accounts?$|^brokers?$/i.test(key) ? undefined : key)
      else ignored.push(key)
  }
  look(whole, undefined)
  return { found, ignored }
}

/** An account, and the names of the object from which it was read. */
interface FoundIn extends Omit<Found, 'path' | 'isWholeFile'> {
  readonly read: readonly string[]
}

function unread(value: Object_, read: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !read.includes(key) && value[key] !== '' && value[key] !== null)
}

/** By what a broker's manifest says of the files of other programs. */
function known(value: Object_, brokers: readonly Broker[]): FoundIn | undefined {
  for (const broker of brokers)
    for (const recogniser of broker.recognises ?? []) {
      if (!fits(recogniser, value)) continue
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

/** An object of which the names of its fields tell. A type that no broker has is for whoever plans. */
function guessed(value: Object_, brokers: readonly Broker[]): FoundIn | undefined {
  const ofAccount = ['broker', 'type', 'provider', 'account', 'name', 'alias']
  const textAt = (...names: readonly string[]) =>
    Object.entries(value).find(
      ([key, text]) => names.includes(plainName(key)) && typeof text === 'string',
    )?.[1] as string | undefined
  const broker = textAt('broker', 'type', 'provider')
  const isClientIdKey = brokers.some((one) => one.id === broker && callsKeyClientId(one))
  const fields: Partial<Record<ImportField, FoundValue>> = {}
  for (const [key, text] of Object.entries(value)) {
    const field = fieldNamed(key, isClientIdKey)
    if (field && typeof text === 'string' && text !== '') fields[field] ??= { value: text, from: key }
  }
  if (!fields.apiKey && !fields.accessToken) return undefined
  const name = textAt('account', 'name', 'alias')
  return {
    source: 'JSON',
    ...(name ? { name } : {}),
    ...(broker ? { broker } : {}),
    fields,
    // A program that keeps one secret may keep a token there.
    isAmbiguous: fields.apiSecret !== undefined && fields.accessToken === undefined,
    read: [...Object.keys(value).filter((key) => ofAccount.includes(plainName(key))), ...namesIn(fields)],
  }
}

function rateOf(value: Json | undefined): Found['rateLimit'] {
  const { requests_per_second: perSecond, burst_size: burst } = (value ?? {}) as Object_
  if (typeof perSecond !== 'number' || typeof burst !== 'number') return undefined
  return { requestsPerSecond: perSecond, burstSize: burst }
}
