import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfigFile } from './file.ts'

/** A path in a folder of its own, where `make` puts whatever it likes. */
function at(make: (path: string) => void): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-config-'))
  const path = join(folder, 'config.toml')
  make(path)
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
const refused = (code: string, message: RegExp, hint?: RegExp) => (error: unknown) => {
  const { code: got, message: said, hint: next } = error as { code: string; message: string; hint: string }
  assert.equal(got, code)
  assert.match(said, message)
  if (hint) assert.match(next, hint)
  return true
}

test('no file is no fault; a byte-order mark and Windows line ends are none either', () => {
  using none = at(() => {})
  assert.equal(readConfigFile(none.path), undefined)
  using marked = at((path) => writeFileSync(path, '\ufeffport = 1\r\n'))
  assert.equal(readConfigFile(marked.path), 'port = 1\r\n')
})

test('an empty file is refused: the defaults would be a silent change', () => {
  for (const text of ['', '\n', ' \r\n\t']) {
    using empty = at((path) => writeFileSync(path, text))
    assert.throws(() => readConfigFile(empty.path), refused('config_invalid', /is empty/))
  }
  using comment = at((path) => writeFileSync(path, '# nothing set\n'))
  assert.equal(readConfigFile(comment.path), '# nothing set\n')
})

test('a folder, a link that leads in a circle, bytes that are no text', () => {
  using folder = at((path) => mkdirSync(path))
  assert.throws(() => readConfigFile(folder.path), refused('config_invalid', /not a plain file/))
  using circle = at((path) => symlinkSync(path, path))
  assert.throws(() => readConfigFile(circle.path), refused('config_invalid', /cannot be read \(ELOOP\)/))
  using bytes = at((path) => writeFileSync(path, Buffer.from([0x70, 0xff, 0xfe])))
  assert.throws(() => readConfigFile(bytes.path), refused('config_invalid', /not UTF-8/))
})

test('a file that others can write, or that is another user’s, directly or behind a link', () => {
  for (const mode of [0o620, 0o602, 0o666, 0o777]) {
    using open = at((path) => {
      writeFileSync(path, 'port = 1')
      chmodSync(path, mode)
    })
    assert.throws(
      () => readConfigFile(open.path),
      refused('permissions_too_wide', /written by others/, /^chmod go-w .*config\.toml$/),
    )
  }
  const self = process.getuid?.() ?? 0
  using mine = at((path) => writeFileSync(path, 'port = 1', { mode: 0o644 }))
  assert.equal(readConfigFile(mine.path, self), 'port = 1')
  // Root's files are as good as one's own.
  if (self !== 0)
    assert.throws(() => readConfigFile(mine.path, self + 1), refused('permissions_too_wide', /another user/))
  using link = at((path) => symlinkSync(mine.path, path))
  assert.equal(readConfigFile(link.path, self), 'port = 1')
  chmodSync(mine.path, 0o666)
  assert.throws(() => readConfigFile(link.path, self), refused('permissions_too_wide', /written by others/))
})
