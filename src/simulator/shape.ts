import { BhorError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'

type Kind = 'text' | 'number' | 'boolean' | 'texts' | 'object' | 'times'
type Shape = Readonly<Record<string, Kind | `${Kind}?`>>

type Value<K extends Kind> = K extends 'text'
  ? string
  : K extends 'number' | 'times'
    ? number
    : K extends 'boolean'
      ? boolean
      : K extends 'texts'
        ? string[]
        : Record<string, Json>

/** What a body of this shape reads as; a `?` behind the kind makes the field optional. */
export type Shaped<S extends Shape> = {
  [Name in keyof S]: S[Name] extends `${infer K extends Kind}?`
    ? Value<K> | undefined
    : S[Name] extends Kind
      ? Value<S[Name]>
      : never
}

const tests: Record<Kind, (value: Json) => boolean> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  // JSON has no Infinity
  times: (value) => typeof value === 'number' || value === 'always',
}

/**
 * Checks a JSON body of the control endpoint against its shape.
 *
 * @throws BhorError `bad_field`, `unknown_field`
 */
export function shaped<const S extends Shape>(body: Json, shape: S): Shaped<S> {
  if (!tests.object(body)) throw new BhorError('bad_field', 'Send a JSON object.')
  const given = body as Record<string, Json>
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(shape, name)) {
      throw new BhorError('unknown_field', `Unknown field; known: ${Object.keys(shape).join(', ')}.`)
    }
  }
  const out: Record<string, unknown> = {}
  for (const [name, wanted] of Object.entries(shape)) {
    const kind = wanted.replace('?', '') as Kind
    const value = given[name]
    if (value === undefined && wanted.endsWith('?')) continue
    if (value === undefined || !tests[kind](value))
      throw new BhorError('bad_field', `The field ${name} is missing or not ${kind}.`)
    out[name] = value === 'always' && kind === 'times' ? Number.POSITIVE_INFINITY : value
  }
  return out as Shaped<S>
}
