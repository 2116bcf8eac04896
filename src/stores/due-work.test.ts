import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { channelWorkKinds } from '../contracts/work.ts'
import { ManualClock } from '../core/clock.ts'
import { openStore } from './open.ts'

test('what is due next of some kinds is found by the index, past all that sleeps of others', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-due-'))
  try {
    const path = join(folder, 'bhor.db')
    await using store = await openStore({ url: `sqlite:${path}`, clock: new ManualClock() })
    const prepare = t.mock.method(DatabaseSync.prototype, 'prepare')
    await store.work.next(channelWorkKinds)
    const asked = prepare.mock.calls
      .map(({ arguments: [text] }) => text)
      .filter((text) => /\bwork\b/.test(text))
    assert.equal(asked.length, 1)
    using database = new DatabaseSync(path, { readOnly: true })
    const plan = database.prepare(`explain query plan ${asked[0]}`).all() as { detail: string }[]
    const looks = plan.map(({ detail }) => detail).filter((detail) => /^(?:SCAN|SEARCH)/.test(detail))
    const byKind = 'SEARCH work USING COVERING INDEX work_by_kind (owner=? AND kind=?)'
    assert.deepEqual(looks, [
      'SEARCH work USING INDEX work_by_kind (owner>?)',
      ...channelWorkKinds.map(() => byKind),
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
