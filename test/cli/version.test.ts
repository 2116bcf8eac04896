import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { newFolder, start } from '../support/at-the-terminal.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

test('bhor --version needs nothing but the entry, and no data folder', async () => {
  using folder = newFolder()
  const alone = join(folder.home, 'alone')
  mkdirSync(join(alone, 'dist', 'cli'), { recursive: true })
  writeFileSync(join(alone, 'package.json'), JSON.stringify({ version, type: 'module' }))
  const entry = join(alone, 'dist', 'cli', 'bhor.js')
  copyFileSync(join(root, 'dist', 'cli', 'bhor.js'), entry)
  for (const flag of ['--version', '-V']) {
    const { code, stdout, stderr } = await start(
      [flag],
      { ...folder.env, BHOR_HOME: '/nowhere/x' },
      '',
      entry,
    ).ended
    assert.deepEqual([code, stdout, stderr], [0, `${version}\n`, ''])
  }
  // Whatever is more than that is for the full parser, which is not here.
  assert.notEqual((await start(['--version', '--help'], folder.env, '', entry).ended).code, 0)
})
