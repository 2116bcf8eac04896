import { type Json, parseJson } from '../core/json.ts'

/** Where a value stands in a JSON text, down to every member. */
interface Span {
  readonly start: number
  readonly end: number
  readonly members?: readonly { readonly name: string; readonly nameAt: number; readonly value: Span }[]
  readonly items?: readonly Span[]
}
export type JsonPath = readonly (string | number)[]

/** @throws BhorError `bad_json`, `duplicate_field`, `too_deep` */
function spansOf(text: string): Span {
  parseJson(text.replace(/^\ufeff/, ' '), { strictFields: true })
  return new Scanner(text).value()
}

/** Walks a text that is known to be JSON. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): Span {
    this.#space()
    const start = this.#at
    const first = this.#text[start]
    if (first === '{') return { start, ...this.#object(), end: this.#at }
    if (first === '[') return { start, ...this.#array(), end: this.#at }
    if (first === '"') this.#string()
    else while (!/[\s,\]}]/.test(this.#text[this.#at] ?? ' ')) this.#at++
    return { start, end: this.#at }
  }

  #object(): Pick<Span, 'members'> {
    const members: { name: string; nameAt: number; value: Span }[] = []
    while (this.#goesOn('}')) {
      const nameAt = this.#at
      this.#string()
      const name = JSON.parse(this.#text.slice(nameAt, this.#at)) as string
      this.#space()
      this.#at++
      members.push({ name, nameAt, value: this.value() })
    }
    return { members }
  }
  #array(): Pick<Span, 'items'> {
    const items: Span[] = []
    while (this.#goesOn(']')) items.push(this.value())
    return { items }
  }

  /** Past the bracket or comma, to what comes next; false past the end of the list. */
  #goesOn(end: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== end) this.#at++
    this.#space()
    if (this.#text[this.#at] !== end) return true
    this.#at++
    return false
  }
  #string(): void {
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) if (this.#text[this.#at] === '\\') this.#at++
    this.#at++
  }
  #space(): void {
    while (/[\s\ufeff]/.test(this.#text[this.#at] ?? 'x')) this.#at++
  }
}

/** The value at a place; undefined where there is none. @throws BhorError `bad_json` */
export function valueAt(text: string, path: JsonPath): Json | undefined {
  const span = at(spansOf(text), path)
  return span && (JSON.parse(text.slice(span.start, span.end)) as Json)
}

/**
 * The text with a value set at a place, and everything else as it stands, to the letter. What is missing on the way there
 * is added at the end; where something on the way is no object, the text stays as it is.
 *
 * @throws BhorError `bad_json`, `duplicate_field`, `too_deep`
 */
export function withValue(text: string, path: JsonPath, value: Json): string {
  const root = spansOf(text)
  const there = at(root, path)
  if (there) return put(text, there.start, there.end, JSON.stringify(value))
  let depth = path.length - 1
  while (depth > 0 && !at(root, path.slice(0, depth))) depth--
  const parent = at(root, path.slice(0, depth))
  const missing = path.slice(depth)
  if (!parent?.members || missing.some((part) => typeof part === 'number')) return text
  const inner = missing.slice(1).reduceRight<Json>((rest, name) => ({ [name]: rest }), value)
  return added(text, parent, String(missing[0]), inner)
}

/** Whether an object further in has a member of this name, and the outermost one has none. @throws BhorError `bad_json` */
export function isOnlyFurtherIn(text: string, name: string): boolean {
  const hasIt = ({ members = [], items = [] }: Span): boolean =>
    members.some((member) => member.name === name || hasIt(member.value)) || items.some(hasIt)
  const root = spansOf(text)
  return !at(root, [name]) && hasIt(root)
}

function at(root: Span, path: JsonPath): Span | undefined {
  return path.reduce<Span | undefined>(
    (span, part) =>
      typeof part === 'number'
        ? span?.items?.[part]
        : span?.members?.find(({ name }) => name === part)?.value,
    root,
  )
}

/** Laid out as the members before it. */
function added(text: string, { start, end, members = [] }: Span, name: string, value: Json): string {
  const entry = `${JSON.stringify(name)}: ${JSON.stringify(value)}`
  const [first, last] = [members[0], members.at(-1)]
  if (!first || !last) return put(text, start, end, `{ ${entry} }`)
  const gap = text.slice(start + 1, first.nameAt)
  return put(text, last.value.end, last.value.end, `,${gap === '' ? ' ' : gap}${entry}`)
}

function put(text: string, start: number, end: number, part: string): string {
  return text.slice(0, start) + part + text.slice(end)
}
