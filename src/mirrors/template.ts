import type { MirrorContent } from '../contracts/mirrors.ts'
import { BhorError } from '../core/errors.ts'
import { iso } from '../core/instant.ts'
import { type Json, parseJson } from '../core/json.ts'
import type { Format } from './formats.ts'
import { type JsonPath, valueAt, withValue } from './json-text.ts'

/** What may stand in a text of a template, as `{{access_token}}`. */
const placeholders: Readonly<Record<string, (content: MirrorContent) => string | number>> = {
  account: ({ account }) => account,
  broker: ({ broker }) => broker,
  kind: ({ kind }) => kind,
  generation: ({ generation }) => generation,
  api_key: ({ apiKey }) => apiKey,
  access_token: ({ accessToken }) => accessToken,
  refresh_token: ({ refreshToken }) => refreshToken,
  extended_token: ({ extendedToken }) => extendedToken,
  user_id: ({ userId }) => userId,
  user_name: ({ userName }) => userName,
  email: ({ email }) => email,
  base_url: ({ baseUrl }) => baseUrl,
  issued_at: ({ issuedAtMs }) => iso(issuedAtMs),
  expires_at: ({ expiresAtMs }) => iso(expiresAtMs),
}
const placeholder = /\{\{([a-z_]+)\}\}/g
const largest = 16 * 1024

/** JSON as the user's program reads it. What else is in the file stays. */
export const template: Format = {
  tokens(text, context) {
    const access = tokenAt(text, context.template, 'access_token')
    const refresh = tokenAt(text, context.template, 'refresh_token')
    return access === undefined ? undefined : refresh === undefined ? { access } : { access, refresh }
  },
  text(before, content, context) {
    const leaves = leavesOf(parsed(context.template))
    return leaves.reduce(
      (text, [path, value]) =>
        typeof value === 'string' && value.includes('{{')
          ? withValue(text, path, filled(value, content))
          : // What the template says without a placeholder is for a new file only.
            text,
      before ?? context.template,
    )
  },
  check(text) {
    if (text.length > largest) throw invalid('The template is larger than 16 KiB.')
    const leaves = leavesOf(parsed(text)).map(([, value]) => value)
    const names = leaves.flatMap((value) =>
      typeof value === 'string' ? [...value.matchAll(placeholder)].map(([, name = '']) => name) : [],
    )
    const unknown = names.find((name) => !Object.hasOwn(placeholders, name))
    if (unknown !== undefined) throw invalid('The template has a placeholder that bhor does not know.')
    if (!names.includes('access_token')) throw invalid('The template has no place for the access token.')
  },
}

function filled(text: string, content: MirrorContent): string | number {
  const [, only] = /^\{\{([a-z_]+)\}\}$/.exec(text) ?? []
  const textFor = (name: string) => placeholders[name]?.(content) ?? ''
  return only === undefined
    ? text.replace(placeholder, (_, name: string) => String(textFor(name)))
    : textFor(only)
}

/** What stands in a file where the template has this placeholder. */
function tokenAt(text: string, from: string, name: string): string | undefined {
  const mark = `{{${name}}}`
  for (const [path, wanted] of leavesOf(parsed(from))) {
    if (typeof wanted !== 'string' || !wanted.includes(mark)) continue
    const value = valueAt(text, path)
    if (typeof value !== 'string') continue
    const parts = wanted.split(placeholder)
    // Texts and names take turns.
    const pattern = parts
      .map((part, at) => (at % 2 === 0 ? RegExp.escape(part) : part === name ? '(.+?)' : '.*?'))
      .join('')
    const found = new RegExp(`^${pattern}$`, 's').exec(value)?.[1]
    if (found !== undefined) return found
    // Something else stands where the token belongs: it is not bhor's, whatever it is.
    if (value !== '') return value
  }
  return undefined
}

/** Every value that is no object or list, with its place. */
function leavesOf(value: Json, path: JsonPath = []): [JsonPath, Json][] {
  if (Array.isArray(value)) return value.flatMap((item, at) => leavesOf(item, [...path, at]))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]))
  return [[path, value]]
}

function parsed(text: string): Json {
  const value = parseJson(text, { strictFields: true, maxDepth: 20 })
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalid('The template is no JSON object.')
}

function invalid(text: string): BhorError {
  return new BhorError('mirror_invalid', text, {
    hint: `In its texts stand ${Object.keys(placeholders)
      .map((name) => `{{${name}}}`)
      .join(', ')}.`,
    facts: { field: 'template' },
  })
}
