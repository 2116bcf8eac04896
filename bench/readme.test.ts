import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('README.md names every bench, with its command and what it measures', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const names = readdirSync(import.meta.dirname).flatMap((name) => /^(\w+)\.ts$/.exec(name)?.[1] ?? [])
  const told = (form: RegExp) => [...readme.matchAll(form)].map(([, name = '']) => name).sort()
  assert.ok(names.length > 0)
  assert.deepEqual(told(/^npm run bench -- (\w+)$/gm), names.sort())
  assert.deepEqual(told(/^\| `(\w+)` +\|/gm), names.sort())
})
