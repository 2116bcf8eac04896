import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A line of the sources as a bug would have it. */
export interface Edit {
  /** Below `src/`. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
}

const sources = new URL('../../../src/', import.meta.url)
const repository = new URL('../../../', import.meta.url).href

/** The file as the edits have it. @throws when a text is not there any more: then the bug must be planted anew */
export function edited(file: string, text: string, edits: readonly Edit[]): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((before, { find, replace }) => {
      if (before.split(find).length !== 2)
        throw new Error(`The planted bug does not fit ${file} any more: ${JSON.stringify(find)}`)
      return before.replace(find, () => replace)
    }, text)
}

/** Checks the edits without planting them. */
export function checkEdits(edits: readonly Edit[]): void {
  for (const file of new Set(edits.map((edit) => edit.file)))
    edited(file, readFileSync(new URL(file, sources), 'utf8'), edits)
}

const planted = new Map<string, readonly Edit[]>()
const stripped = new Map<string, string>()
let isHooked = false

/**
 * Imports a module of the tests in a copy of its own, and with it a copy of every module of the repository that it needs,
 * with a bug planted in the sources. The copies of one name share what they keep in memory, and nothing with any other.
 *
 * @param name not used before with other edits
 */
export async function importPlanted<Module>(url: URL, name: string, edits: readonly Edit[]): Promise<Module> {
  hook()
  planted.set(name, edits)
  return (await import(`${url.href}?planted=${encodeURIComponent(name)}`)) as Module
}

function hook(): void {
  if (isHooked) return
  isHooked = true
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const parent = context.parentURL === undefined ? undefined : plantedIn(context.parentURL)
      const isOurs =
        resolved.url.startsWith(repository) &&
        !resolved.url.includes('/node_modules/') &&
        !resolved.url.includes('?')
      return parent !== undefined && isOurs
        ? { ...resolved, url: `${resolved.url}?planted=${parent}` }
        : resolved
    },
    load(url, context, next) {
      const name = plantedIn(url)
      const edits = name === undefined ? undefined : planted.get(decodeURIComponent(name))
      if (!edits) return next(url, context)
      const plain = url.slice(0, url.indexOf('?'))
      if (!plain.endsWith('.ts')) return next(plain, context)
      return { format: 'module', source: sourceOf(plain, edits), shortCircuit: true }
    },
  })
}

function plantedIn(url: string): string | undefined {
  const at = url.indexOf('?planted=')
  return at < 0 ? undefined : url.slice(at + '?planted='.length)
}

function sourceOf(url: string, edits: readonly Edit[]): string {
  const file = url.startsWith(sources.href) ? url.slice(sources.href.length) : undefined
  const isEdited = file !== undefined && edits.some((edit) => edit.file === file)
  const known = isEdited ? undefined : stripped.get(url)
  if (known !== undefined) return known
  const text = readFileSync(fileURLToPath(url), 'utf8')
  const source = stripTypeScriptTypes(isEdited ? edited(file, text, edits) : text)
  if (!isEdited) stripped.set(url, source)
  return source
}

/** Plants for this whole process, from its start: for a test file that runs in a process of its own. */
export function plantHere(edits: readonly Edit[]): void {
  registerHooks({
    load(url, context, next) {
      const file = url.startsWith(sources.href) ? url.slice(sources.href.length) : undefined
      if (file === undefined || !edits.some((edit) => edit.file === file)) return next(url, context)
      const source = edited(file, readFileSync(fileURLToPath(url), 'utf8'), edits)
      return { format: 'module', source: stripTypeScriptTypes(source), shortCircuit: true }
    },
  })
}
