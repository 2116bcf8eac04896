import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ensureBuilt } from './support/built.ts'
import { crashRun } from './support/crash-run.ts'

before(ensureBuilt)

test('20 kills at random moments lose nothing that anybody has seen', async () => {
  const { kills, lost, unrecorded, broken, logins, handOuts } = await crashRun({ kills: 20, lanes: 2 })
  assert.deepEqual({ kills, lost, unrecorded, broken }, { kills: 20, lost: 0, unrecorded: 0, broken: 0 })
  assert.ok(logins > 0 && handOuts > 0, `${logins} logins, ${handOuts} hand-outs`)
})
