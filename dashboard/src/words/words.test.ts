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
  readonly left?: Node
  readonly property?: Node
  readonly key?: Node
}

/** Names and commands, which are the same in every language. */
const names = new Set([
  'bhor',
  'bhor desk',
  'bhor unseal',
  'Asia/Kolkata',
  'Python',
  'Node',
  'pip install requests',
])
/** Values of the API. */
const values = new Set(['the user', 'as registered', 'nothing registered'])
/** Snippets are programs, which are the same in every language; what is said beside them is not. */
const programs = new Set(['programs/snippets.ts'])
/** What such a file says to people. */
const besidePrograms = new Set(['needs'])
const sentence = /[A-Za-z]{2,}[.,:;]? [A-Za-z]/
/** Of elements. */
const selector = /^[.#]|\[/
const capital = /^[A-Z][a-z]{2,}/
/** Lists for the browser itself. */
const notSaid = new Set(['class', 'rel', 'preserveAspectRatio', 'd'])
const notShown = new Set(['Error', 'KeyFrameError', 'RangeError', 'TypeError'])

/**
 * What a file of the page says in its own words, instead of those of `words/`.
 *
 * @param only the properties that are said, where the others are not
 */
function wordsIn(path: string, text: string, only?: ReadonlySet<string>): string[] {
  const found: string[] = []
  const nameOf = (node: Node | undefined) => (typeof node?.name === 'string' ? node.name : '')
  const walk = (node: unknown, isSaid: boolean, within = ''): void => {
    if (Array.isArray(node)) {
      for (const each of node) walk(each, isSaid, within)
      return
    }
    if (typeof node !== 'object' || node === null || !('type' in node)) return
    const { type, value, name, callee, openingElement, left, key } = node as Node
    if (type === 'ImportDeclaration' || type.startsWith('TS')) return
    if (type === 'JSXAttribute' && notSaid.has(nameOf(name as Node))) return
    if (type === 'NewExpression' && notShown.has(nameOf(callee))) return
    const said =
      type === 'TemplateElement'
        ? (value as { cooked: string }).cooked
        : typeof value === 'string'
          ? value
          : ''
    const isShown =
      (type === 'JSXText' && within !== 'code') || (type === 'TemplateElement' && within === 'title')
    const isText = isShown && /[A-Za-z]{2,}/.test(said)
    const isLiteral =
      (type === 'Literal' || type === 'TemplateElement') && (sentence.test(said) || capital.test(said))
    if (
      isSaid &&
      (isText || isLiteral) &&
      !names.has(said.trim()) &&
      !values.has(said) &&
      !selector.test(said) &&
      !(only === undefined && said.startsWith('bhor '))
    )
      found.push(said.trim())
    // The title of a tab is all text.
    const isTitle = type === 'AssignmentExpression' && nameOf(left?.property) === 'title'
    const element = isTitle ? 'title' : type === 'JSXElement' ? nameOf(openingElement?.name as Node) : within
    const isPart = isSaid || (type === 'Property' && only?.has(nameOf(key)) === true)
    for (const [part, child] of Object.entries(node)) if (part !== 'parent') walk(child, isPart, element)
  }
  const { program, errors } = parseSync(path, text)
  assert.deepEqual(errors, [], path)
  walk(program, only === undefined)
  return found
}

test('all that the page says stands in words/, so that it can be said in another language', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const files = globSync('**/*.{ts,tsx}', { cwd: folder }).filter(
    (path) => !path.startsWith('words/') && !path.endsWith('.test.ts'),
  )
  assert.ok(files.length > 100)
  const said = files.flatMap((path) =>
    wordsIn(
      path,
      readFileSync(join(folder, path), 'utf8'),
      programs.has(path) ? besidePrograms : undefined,
    ).map((text) => `${path}: ${text}`),
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
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a source
    'document.title = x ? `${n} live · bhor` : y',
  ]
  for (const text of planted) assert.equal(wordsIn('x.tsx', text).length, 1, text)
  const fine = [
    'export const x = () => <code>bhor desk passphrase</code>',
    'export const x = () => <p class="note wide">{words.door.title}</p>',
    "throw new Error('This cannot be')",
    "document.title = 'bhor'",
    "type X = 'as registered'",
  ]
  for (const text of fine) assert.deepEqual(wordsIn('x.tsx', text), [], text)
  const beside = "export const x = { code: 'echo all of it', needs: 'curl and jq' }"
  assert.deepEqual(wordsIn('x.ts', beside, besidePrograms), ['curl and jq'])
})
