/** Deeper, longer and more than any answer that says something of its shape. */
const deepest = 12
const mostElements = 1_000
const mostLines = 400

/** Words of letters, joined as field names are; anything else is the name of somebody or something. */
const fieldName = /^[a-z]{1,20}(?:[A-Z][a-z]{0,19}|[_-][a-z]{1,20}|\d{1,2}){0,6}$/
const longestName = 40
/** What stands in place of a name that is none of a field: of an instrument, of a segment. */
const anyName = '*'

/**
 * What an answer looks like, without anything of what it says: a line for each field, with its type. Lists and maps are
 * one line for all of their elements.
 *
 * @param isPrivate whether a text says something of the account; such a name is left out as well
 *
 * @example
 * ```ts
 * shapeOf({ data: { user_id: 'AB1234', products: ['CNC'] } }, () => false)
 * // ['data.products[]: text', 'data.user_id: text']
 * ```
 */
export function shapeOf(answer: unknown, isPrivate: (name: string) => boolean): string[] {
  const found = new Map<string, Set<string>>()
  const note = (path: string, kind: string) => {
    if (found.size < mostLines || found.has(path)) found.set(path, (found.get(path) ?? new Set()).add(kind))
  }
  const walk = (value: unknown, path: string, depth: number): void => {
    const parts = partsOf(value, path, isPrivate)
    if (typeof parts === 'string') note(path, parts)
    else if (depth === deepest) note(path, 'deeper than is looked')
    else for (const [at, part] of parts) walk(part, at, depth + 1)
  }
  walk(answer, '', 0)
  return [...found].map(([path, kinds]) => `${path || 'all of it'}: ${[...kinds].sort().join(' or ')}`).sort()
}

/** The parts of a list or an object, each with its path; of everything else, and of what is empty, its type. */
function partsOf(
  value: unknown,
  path: string,
  isPrivate: (name: string) => boolean,
): string | (readonly [path: string, part: unknown])[] {
  if (typeof value !== 'object' || value === null) return kindOf(value)
  if (Array.isArray(value))
    return value.length === 0
      ? 'empty list'
      : value.slice(0, mostElements).map((element) => [`${path}[]`, element])
  const fields = Object.entries(value).slice(0, mostElements)
  if (fields.length === 0) return 'empty object'
  return fields.map(([name, field]) => [joined(path, plainName(name, isPrivate)), field])
}

/** A name as it may be told: of a field as it is, any other as `*`. */
export function plainName(name: string, isPrivate: (name: string) => boolean): string {
  return name.length <= longestName && fieldName.test(name) && !isPrivate(name) ? name : anyName
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return Number.isInteger(value) ? 'whole number' : 'number'
  if (typeof value !== 'string') return typeof value
  if (value === '') return 'empty text'
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return 'number in text'
  if (/^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\d.*)?$/.test(value)) return 'day or time in text'
  return /^\d\d:\d\d:\d\d$/.test(value) ? 'time of day in text' : 'text'
}
