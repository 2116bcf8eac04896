import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { referencePages, referencePath } from '../scripts/reference.ts'

test('docs/reference says what the code does (node scripts/reference.ts writes it)', async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    assert.equal(readFileSync(referencePath(name), 'utf8'), text, name)
  }
})
