import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * The page runs only the very files that were built with it. A browser may hold others under the same address: whoever
 * served the desk's port once, could have sent them with an order to keep them for ever.
 */
export function integrity(): Plugin {
  return {
    name: 'integrity',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const file = join(dir, 'index.html')
      const html = withIntegrity(readFileSync(file, 'utf8'), (path) => readFileSync(join(dir, path)))
      writeFileSync(file, html)
      const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
      const unchecked = files.map(({ name }) => name).filter((name) => !html.includes(name))
      // A part that is loaded later, a font or an image has no place for a hash.
      if (unchecked.join() !== 'index.html')
        throw new Error(`Nothing checks these files: ${unchecked.join()}`)
    },
  }
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
    const hash = createHash('sha384').update(read(path)).digest('base64')
    return tag.replace(attribute, `${attribute} integrity="sha384-${hash}"`)
  })
}
