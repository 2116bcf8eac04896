import assert from 'node:assert/strict'
import { constants, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { whyUnwritten } from './system-words.ts'

/** What the system says when somebody writes there. */
async function refusalAt(path: string): Promise<string> {
  const flags = constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW
  const error = await open(path, flags).then(
    () => assert.fail('It was written.'),
    (refused: NodeJS.ErrnoException) => refused,
  )
  return whyUnwritten(error.code ?? '')
}

test('a write that the system refused says why, and a code without words says itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-words-'))
  try {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('file', join(folder, 'link'))
    assert.equal(await refusalAt(join(folder, 'none', 'file')), 'its folder is not there')
    assert.equal(await refusalAt(join(folder, 'file', 'file')), 'its folder is no folder')
    assert.equal(await refusalAt(join(folder, 'link')), 'it is a symbolic link')
    assert.equal(await refusalAt(folder), 'EISDIR')
  } finally {
    rmSync(folder, { recursive: true })
  }
  assert.deepEqual([whyUnwritten('ENOSPC'), whyUnwritten('EDQUOT')], Array(2).fill('the disk is full'))
})
