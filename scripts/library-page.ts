import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
/** A constant longer than this is named, and not printed. */
const longestConstant = 400

/** As the parser gives it: what a node has beside these depends on its type. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

interface Source {
  readonly path: string
  readonly text: string
  readonly body: readonly Node[]
  readonly comments: readonly { readonly value: string; readonly start: number; readonly end: number }[]
}

/** Something that is exported: where it is written, and by which statements (several for overloads). */
interface Export {
  readonly source: Source
  readonly name: string
  readonly statements: readonly Node[]
}

/**
 * What programs import, made from the TSDoc of the public entry points: those of `exports` in package.json, and no other.
 *
 * @throws Error for an entry point that is made from none of our sources
 */
export function libraryPage(): string {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string
    exports: Record<string, string | { default?: string }>
  }
  const first = new Map<Node, string>()
  const parts: string[] = []
  for (const [entry, target] of Object.entries(exports)) {
    const file = typeof target === 'string' ? target : (target.default ?? '')
    if (file.endsWith('.json')) continue
    const path = join(root, file.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts'))
    if (!existsSync(path)) throw new Error(`No source of the entry point ${entry}: ${path}`)
    const specifier = name + entry.slice(1)
    parts.push(entryPart(specifier, sourceOf(path), first))
  }
  return parts.join('\n\n')
}

function entryPart(specifier: string, source: Source, first: Map<Node, string>): string {
  const exported = exportsOf(source)
  const mentioned = mentionedBy([...exported.values()]).filter((one) => !first.has(one.statements[0]!))
  const found = [...exported.values(), ...mentioned]
  const values = found.filter((one) => !isType(one))
  const types = found.filter(isType).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const sections = [...values, ...types].map((one) => {
    const anchor = anchorOf(specifier, one.name)
    const note = exported.get(one.name) === one ? '' : ' (mentioned, not exported)'
    const heading = `### <a id="${anchor}"></a>\`${one.name}\`${note}`
    const before = first.get(one.statements[0]!)
    if (before) return `${heading}\n\nThe same as [above](#${before}).`
    first.set(one.statements[0]!, anchor)
    return `${heading}\n\n${exportText(one)}`
  })
  return [`## \`${specifier}\``, ...introOf(source), ...sections].join('\n\n')
}

function isType({ statements: [statement] }: Export): boolean {
  return /^TS(?:Interface|TypeAlias)Declaration$/.test(declarationOf(statement!).type)
}

function anchorOf(specifier: string, name: string): string {
  return `${specifier.replaceAll('/', '-')}-${name}`
}

const known = new Map<string, Source>()

function sourceOf(path: string): Source {
  const before = known.get(path)
  if (before) return before
  const text = readFileSync(path, 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0]!.message}`)
  const source = { path, text, body: program.body as unknown as Node[], comments }
  known.set(path, source)
  return source
}

/** By name, in the order in which they stand there. */
function exportsOf(source: Source): Map<string, Export> {
  const found = new Map<string, Export>()
  const add = (name: string, one: Export | undefined) => {
    if (one && !found.has(name)) found.set(name, { ...one, name })
  }
  for (const statement of source.body) {
    if (statement.type === 'ExportAllDeclaration') {
      const from = importedFrom(source, statement)
      for (const [name, one] of from ? exportsOf(from) : []) add(name, one)
    }
    if (statement.type !== 'ExportNamedDeclaration') continue
    for (const name of namesOf(statement)) add(name, { source, name, statements: declaring(source, name) })
    const from = statement.source ? importedFrom(source, statement) : undefined
    for (const { local, exported } of statement.specifiers as { local: Named; exported: Named }[])
      add(
        exported.name,
        statement.source ? from && exportsOf(from).get(local.name) : ownOrImported(source, local.name),
      )
  }
  return found
}

interface Named {
  readonly name: string
}

/** Only our own sources: what comes from a package is described there. */
function importedFrom({ path }: Source, statement: Node): Source | undefined {
  const { value } = statement.source as { value: string }
  return value.startsWith('.') ? sourceOf(join(dirname(path), value)) : undefined
}

function ownOrImported(source: Source, name: string): Export | undefined {
  const statements = declaring(source, name)
  if (statements.length > 0) return { source, name, statements }
  for (const statement of source.body.filter(({ type }) => type === 'ImportDeclaration'))
    for (const { local, imported } of statement.specifiers as { local: Named; imported?: Named }[]) {
      const from = local.name === name && imported ? importedFrom(source, statement) : undefined
      if (from) return exportsOf(from).get(imported!.name)
    }
  return undefined
}

function declaring({ body }: Source, name: string): Node[] {
  const all = body.filter((statement) => namesOf(statement).includes(name))
  const overloads = all.filter((statement) => declarationOf(statement).type === 'TSDeclareFunction')
  return overloads.length > 0 ? overloads : all
}

function declarationOf(statement: Node): Node {
  return (statement.declaration as Node | null | undefined) ?? statement
}

function namesOf(statement: Node): string[] {
  const { type, id, declarations } = declarationOf(statement) as Node & {
    id?: Named
    declarations?: { id: Named }[]
  }
  if (type === 'VariableDeclaration') return declarations!.map((one) => one.id.name)
  return id && /Declaration$|^TSDeclareFunction$/.test(type) ? [id.name] : []
}

/** The types of ours that these speak of, and those that they speak of in turn. */
function mentionedBy(exported: readonly Export[]): Export[] {
  const seen = new Set(exported.flatMap(({ statements }) => statements))
  const found: Export[] = []
  const queue = [...exported]
  for (let one = queue.shift(); one; one = queue.shift()) {
    for (const name of typesIn(one)) {
      const type = ownOrImported(one.source, name)
      if (!type || !isType(type) || seen.has(type.statements[0]!)) continue
      for (const statement of type.statements) seen.add(statement)
      found.push(type)
      queue.push(type)
    }
  }
  return found
}

/** The names of types in what is shown of a declaration: not in bodies and values. */
function typesIn({ statements }: Export): Set<string> {
  const names = new Set<string>()
  const walk = (node: Node) => {
    if (node.type === 'BlockStatement' || node.type === 'PrivateIdentifier') return
    const { typeName, expression } = node as { typeName?: Partial<Named>; expression?: Partial<Named> }
    if (node.type === 'TSTypeReference' && typeName?.name) names.add(typeName.name)
    if (node.type === 'TSInterfaceHeritage' && expression?.name) names.add(expression.name)
    for (const [field, value] of Object.entries(node))
      if (field !== 'init') for (const part of [value].flat()) if (isNode(part)) walk(part)
  }
  for (const statement of statements) walk(statement)
  return names
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** The comment at the top of a file, which is about all of it: what follows it is no declaration. */
function introOf(source: Source): string[] {
  const [statement] = source.body
  if (!statement || namesOf(statement).length > 0) return []
  const doc = docBefore(source, statement.start)
  return doc === undefined ? [] : [docText(doc)]
}

function exportText({ source, name, statements }: Export): string {
  const docs = statements.flatMap(({ start }) => docBefore(source, start) ?? [])
  const code = statements.map((statement) => signatureOf(source, declarationOf(statement), name)).join('\n')
  return [`\`\`\`ts\n${code}\n\`\`\``, ...docs.map(docText)].join('\n\n')
}

/** The TSDoc comment right in front of a place, without its stars. */
function docBefore({ text, comments }: Source, start: number): string | undefined {
  const comment = comments.findLast(({ end }) => end <= start)
  if (!comment?.value.startsWith('*') || text.slice(comment.end, start).trim() !== '') return undefined
  return comment.value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
}

const tagWords: Readonly<Record<string, string>> = { throws: 'Throws', returns: 'Gives' }

/** TSDoc as Markdown: the tags as paragraphs, parameters as a list. */
function docText(doc: string): string {
  const [text = '', ...tagged] = doc.split(/\s*@(?=(?:param|returns|throws|example)\b)/)
  const paragraphs = tagged.map((part) => {
    const [, tag = '', said = ''] = /^(\w+)\s*([\s\S]*)$/.exec(part)!
    if (tag === 'example') return said
    if (tag !== 'param') return `${tagWords[tag]}: ${said}`
    const [, name, meaning] = /^(\S+)\s*([\s\S]*)$/.exec(said)!
    return `- \`${name}\`: ${meaning}`
  })
  return [text, ...paragraphs]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
    .replace(/\{@link ([^}]+)\}/g, '`$1`')
}

/** A declaration without what is nobody else's: bodies, private members, the values of long constants. */
function signatureOf(source: Source, declaration: Node, name: string): string {
  const { text } = source
  const until = (end: number) => text.slice(declaration.start, end).trim()
  switch (declaration.type) {
    case 'FunctionDeclaration':
      return until((declaration.body as Node).start).replace(/^async /, '')
    case 'ClassDeclaration':
      return classText(source, declaration)
    case 'VariableDeclaration':
      return constantText(source, declaration, name)
    default:
      return until(declaration.end)
  }
}

function constantText({ text }: Source, { kind, declarations }: Node, name: string): string {
  const one = (declarations as (Node & { id: Node & Named; init?: Node })[]).find(
    ({ id }) => id.name === name,
  )!
  const head = `${String(kind)} ${text.slice(one.id.start, one.id.end)}`
  const { init } = one
  if (one.id.typeAnnotation || !init) return head
  if (init.type === 'ArrowFunctionExpression')
    return `${head} = ${text.slice(init.start, (init.body as Node).start).trim()} …`
  const value = text.slice(init.start, init.end)
  return `${head} = ${value.length <= longestConstant ? value : '…'}`
}

function classText(source: Source, declaration: Node): string {
  const { text } = source
  const body = declaration.body as Node & { body: Node[] }
  const members = body.body.filter(isShown).map((member) => memberText(source, member))
  return [text.slice(declaration.start, body.start + 1), ...members, '}'].join('\n')
}

function isShown({ type, key, accessibility }: Node): boolean {
  const isMember = /Definition$|^TSAbstract|^TSIndexSignature$/.test(type)
  return isMember && (key as Node | undefined)?.type !== 'PrivateIdentifier' && accessibility !== 'private'
}

function memberText({ text, comments }: Source, member: Node): string {
  const value = member.value as (Node & { body?: Node | null }) | null | undefined
  const isMethod = member.type === 'MethodDefinition'
  const end = isMethod ? (value?.body?.start ?? member.end) : member.end
  const comment = comments.findLast((one) => one.end <= member.start)
  const isItsDoc = comment?.value.startsWith('*') && text.slice(comment.end, member.start).trim() === ''
  return `  ${text.slice(isItsDoc ? comment!.start : member.start, end).trim()}`
}
