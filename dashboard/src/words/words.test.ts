import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

interface Node {
  readonly type: string
  readonly value?: unknown
  readonly name?: Node | string
  readonly callee?: Node
  readonly openingElement?: Node
}

/** Names and commands, which are the same in every language. */
const names = new Set(['bhor', 'bhor desk', 'bhor unseal', 'Asia/Kolkata', 'Python', 'Node'])
/** Values of the API. */
const values = new Set(['the user', 'as registered', 'nothing registered'])
/** Snippets are programs: the words around them are elsewhere. */
const programs = new Set(['programs/snippets.ts'])
const sentence = /[A-Za-z]{2,}[.,:;]? [A-Za-z]/
/** Of elements. */
const selector = /^[.#]|\[/
const capital = /^[A-Z][a-z]{2,}/
/** Lists for the browser itself. */
const notSaid = new Set(['class', 'rel', 'preserveAspectRatio', 'd'])
const notShown = new Set(['Error', 'KeyFrameError', 'RangeError', 'TypeError'])

/** What a file of the page says in its own words, instead of those of `words/`. */
function wordsIn(path: string, text: string): string[] {
  const found: string[] = []
  const nameOf = (node: Node | undefined) => (typeof node?.name === 'string' ? node.name : '')
  const walk = (node: unknown, parent?: Node, within = ''): void => {
    if (Array.isArray(node)) {
      for (const each of node) walk(each, parent, within)
      return
    }
    if (typeof node !== 'object' || node === null || !('type' in node)) return
    const { type, value, name, callee, openingElement } = node as Node
    if (type === 'ImportDeclaration' || type.startsWith('TS')) return
    if (type === 'JSXAttribute' && notSaid.has(nameOf(name as Node))) return
    if (type === 'NewExpression' && notShown.has(nameOf(callee))) return
    const said =
      type === 'TemplateElement'
        ? (value as { cooked: string }).cooked
        : typeof value === 'string'
          ? value
          : ''
    const isText = type === 'JSXText' && /[A-Za-z]{2,}/.test(said) && within !== 'code'
    const isLiteral =
      (type === 'Literal' || type === 'TemplateElement') && (sentence.test(said) || capital.test(said))
    if (
      (isText || isLiteral) &&
      !names.has(said.trim()) &&
      !values.has(said) &&
      !selector.test(said) &&
      !said.startsWith('bhor ')
    )
      found.push(said.trim())
    const element = type === 'JSXElement' ? nameOf(openingElement?.name as Node) : within
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') walk(child, node as Node, element)
  }
  const { program, errors } = parseSync(path, text)
  assert.deepEqual(errors, [], path)
  walk(program)
  return found
}

test('all that the page says stands in words/, so that it can be said in another language', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const files = globSync('**/*.{ts,tsx}', { cwd: folder }).filter(
    (path) => !path.startsWith('words/') && !path.endsWith('.test.ts') && !programs.has(path),
  )
  assert.ok(files.length > 100)
  const said = files.flatMap((path) =>
    wordsIn(path, readFileSync(join(folder, path), 'utf8')).map((text) => `${path}: ${text}`),
  )
  assert.deepEqual(said, [])
})

test('what would have to be translated is found wherever it stands', () => {
  const planted = [
    'export const x = () => <p>Sign in here</p>',
    'export const x = () => <p>{y} left</p>',
    'export const x = () => <button aria-label="Close">×</button>',
    "export const x = () => <p>{y ? 'no session' : ''}</p>",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a source
    'export const x = `${n} accounts are ready`',
    "said.value = 'Copied'",
  ]
  for (const text of planted) assert.equal(wordsIn('x.tsx', text).length, 1, text)
  const fine = [
    'export const x = () => <code>bhor desk passphrase</code>',
    'export const x = () => <p class="note wide">{words.door.title}</p>',
    "throw new Error('This cannot be')",
    "type X = 'as registered'",
  ]
  for (const text of fine) assert.deepEqual(wordsIn('x.tsx', text), [], text)
})
