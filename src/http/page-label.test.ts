import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemRandom } from '../core/random.ts'
import { pageLabel } from './page-label.ts'

function newFolder(): { path: string; file: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'bhor-label-'))
  const remove = () => rmSync(path, { recursive: true, force: true })
  return { path, file: join(path, 'page.label'), [Symbol.dispose]: remove }
}

test('the label is made once for a folder, for its user alone, and another folder has another', () => {
  using folder = newFolder()
  using other = newFolder()
  const label = pageLabel(folder.path, systemRandom)
  assert.match(label, /^[0-9a-hjkmnp-tv-z]{16}$/)
  assert.equal(readFileSync(folder.file, 'utf8'), `${label}\n`)
  assert.equal(statSync(folder.file).mode & 0o777, 0o600)
  assert.equal(pageLabel(folder.path, systemRandom), label)
  assert.notEqual(pageLabel(other.path, systemRandom), label)
})

test('one that others could read or write, or that is none, is replaced', () => {
  using folder = newFolder()
  const { file, path } = folder
  let label = pageLabel(path, systemRandom)
  const elsewhere = join(path, 'elsewhere')
  for (const spoil of [
    () => chmodSync(file, 0o644),
    () => chmodSync(file, 0o620),
    () => writeFileSync(file, ''),
    () => writeFileSync(file, `${label}`),
    () => writeFileSync(file, `${label}\n\n`),
    () => writeFileSync(file, `${label.toUpperCase()}\n`),
    () => writeFileSync(file, `evil.localhost/x\n`),
    () => rmSync(file),
    () => {
      writeFileSync(elsewhere, `${label}\n`, { mode: 0o600 })
      rmSync(file)
      symlinkSync(elsewhere, file)
    },
  ]) {
    spoil()
    const next = pageLabel(path, systemRandom)
    assert.notEqual(next, label)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(pageLabel(path, systemRandom), next)
    label = next
  }
  assert.ok(existsSync(elsewhere))
})

test('where it cannot be kept, there is one all the same', () => {
  using folder = newFolder()
  mkdirSync(join(folder.file, 'in-the-way'), { recursive: true })
  for (const home of [folder.path, join(folder.path, 'not', 'there')])
    assert.match(pageLabel(home, systemRandom), /^[0-9a-z]{16}$/)
  assert.ok(existsSync(join(folder.file, 'in-the-way')))
})
