import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { referencePages, referencePath } from '../scripts/reference.ts'

test('docs/reference says what the code does (node scripts/reference.ts writes it)', async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    assert.equal(readFileSync(referencePath(name), 'utf8'), text, name)
  }
})

test('a file that a page names is there', () => {
  const root = new URL('../', import.meta.url)
  const pages = readdirSync(new URL('docs/', root)).flatMap((name) =>
    name.endsWith('.md') ? [`docs/${name}`] : [],
  )
  let named = 0
  for (const page of [
    ...pages,
    'ARCHITECTURE.md',
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'bench/README.md',
  ]) {
    const text = readFileSync(new URL(page, root), 'utf8')
    for (const [, path = ''] of text.matchAll(
      /`((?:src|test|bench|scripts|clients|dashboard|examples)\/[\w./-]+)`/g,
    )) {
      named++
      assert.ok(existsSync(new URL(path, root)), `${page} names ${path}`)
    }
  }
  assert.ok(named > 20, String(named))
})
