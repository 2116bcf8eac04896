import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { startChild } from './child.ts'

test('a program that does not listen is ended ten seconds after it was asked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-child-'))
  const [up, asked] = [join(folder, 'up'), join(folder, 'asked')]
  try {
    const clock = new ManualClock()
    const script = `trap 'echo > ${asked}' TERM; echo > ${up}; while kill -0 $PPID; do sleep 0.02; done`
    const child = startChild(['sh', '-c', script], { PATH: process.env.PATH ?? '' }, undefined, clock)
    await there(up)
    const stopped = child.stop()
    await there(asked)
    await clock.advance(9_999)
    assert.equal(child.hasEnded, false)
    await clock.advance(1)
    await stopped
    assert.deepEqual([await child.ended, child.hasEnded], [137, true])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** Resolves once the file is there. */
async function there(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setImmediate(resolve))
}
