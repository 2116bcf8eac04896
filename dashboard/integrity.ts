import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Stands in the script for {@link PartFiles} until the hashes are known. */
export const partFilesMark = '__PART_FILES__'

/** What each part of the page that is loaded later needs, in the order in which it is to be loaded. */
export type PartFiles = Readonly<Record<string, readonly (readonly [path: string, integrity: string])[]>>

/** A file of script, as the bundler knows it. */
interface Chunk {
  readonly name: string
  readonly fileName: string
  readonly isEntry: boolean
  readonly isDynamicEntry: boolean
  readonly imports: readonly string[]
}

/**
 * The page runs only the very files that were built with it. A browser may hold others under the same address: whoever
 * served the desk's port once, could have sent them with an order to keep them for ever. The page has the hashes of what
 * it loads at once; the first script has those of the parts that come later.
 */
export function integrity(): Plugin {
  return {
    name: 'integrity',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      const read = (path: string) => readFileSync(join(dir, path))
      const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
      const entry = chunks.find(({ isEntry }) => isEntry)
      if (entry === undefined || entry.imports.length > 0)
        throw new Error('The first script is not one file, and not all of it would be checked.')
      const parts = partFilesOf(chunks, read)
      const script = withPartFiles(String(read(entry.fileName)), parts)
      writeFileSync(join(dir, entry.fileName), script)
      const html = withIntegrity(String(read('index.html')), read)
      writeFileSync(join(dir, 'index.html'), html)
      const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
      const checked = html + JSON.stringify(parts)
      const unchecked = files.map(({ name }) => name).filter((name) => !checked.includes(name))
      // A font or an image has no place for a hash.
      if (unchecked.join() !== 'index.html')
        throw new Error(`Nothing checks these files: ${unchecked.join()}`)
    },
  }
}

/** @throws for a part whose name is not its own */
export function partFilesOf(chunks: readonly Chunk[], read: (path: string) => Uint8Array): PartFiles {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const filesOf = (chunk: Chunk): readonly string[] => [
    ...chunk.imports.flatMap((file) => {
      const needed = byFile.get(file)
      // The first script is there, and has been checked.
      return needed === undefined || needed.isEntry ? [] : filesOf(needed)
    }),
    chunk.fileName,
  ]
  const parts = chunks.filter(({ isDynamicEntry, isEntry }) => isDynamicEntry && !isEntry)
  const names = new Set(parts.map(({ name }) => name))
  if (names.size < parts.length) throw new Error('Two parts of the page have one name.')
  return Object.fromEntries(
    parts.map((part) => [
      part.name,
      [...new Set(filesOf(part))].map((file) => [`/${file}`, hashOf(read(file))] as const),
    ]),
  )
}

/** @throws where the script has no place for them, or more than one */
export function withPartFiles(script: string, parts: PartFiles): string {
  const pieces = script.split(new RegExp(`(?:"|'|\`)${partFilesMark}(?:"|'|\`)`))
  if (pieces.length !== 2)
    throw new Error(`${partFilesMark} stands in the script ${pieces.length - 1} times.`)
  return pieces.join(`(${JSON.stringify(parts)})`)
}

/** Names the page and its icon for a phone's home screen; nothing of it runs. */
const manifest = 'href="/manifest.webmanifest"'

/** Puts the hash of each script and style into its tag. @throws for a tag that would load something unchecked */
export function withIntegrity(html: string, read: (path: string) => Uint8Array): string {
  return html.replace(/<(?:script|link|img)\b[^>]*>/g, (tag) => {
    const [attribute, path = ''] = /\b(?:src|href)="([^"]*)"/.exec(tag) ?? []
    if (attribute === undefined || path.startsWith('data:') || tag.includes(manifest)) return tag
    if (!/^<script\b|\brel="stylesheet"/.test(tag) || !path.startsWith('/assets/'))
      throw new Error(`This loads something that no hash checks: ${tag}`)
    return tag.replace(attribute, `${attribute} integrity="${hashOf(read(path))}"`)
  })
}

function hashOf(content: Uint8Array): string {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`
}
