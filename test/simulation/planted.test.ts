import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlantedBug } from './planted/bug.ts'
import { plantedBugs } from './planted/bugs.ts'
import { failing, hunt } from './planted/hunt.ts'
import { checkEdits } from './planted/plant.ts'

const isLong = process.env.LONG_TESTS === '1'
const byName = (name: string) => plantedBugs.find((bug) => bug.name === name)!

test('every planted bug still fits the code, and has a name of its own', () => {
  assert.ok(plantedBugs.length >= 25)
  assert.equal(new Set(plantedBugs.map(({ name }) => name)).size, plantedBugs.length)
  for (const { edits } of plantedBugs) checkEdits(edits)
})

test('a bug that does not fit the code any more is told as such', () => {
  const edits = [{ file: 'core/ist.ts', find: 'no such text', replace: '' }]
  assert.throws(() => checkEdits(edits), /does not fit core\/ist\.ts any more/)
})

test('a bug is caught by the simulation, which finds nothing without it', async () => {
  const bug = byName('audit after release')
  const { by } = await hunt(bug, 8)
  assert.match(by?.words ?? '', /^I5 /)
  assert.equal((await hunt({ ...bug, edits: [] }, 1)).by, undefined)
})

test('a bug is caught by its test, which passes without it', async () => {
  const bug = byName('AAD without generation')
  assert.ok((await hunt(bug, 0)).by)
  const { file, test: name } = bug.caughtBy as Exclude<PlantedBug['caughtBy'], 'simulation'>
  assert.equal(await failing(file, name), false)
  await assert.rejects(failing(file, 'no test has this name'), /has no test/)
})

// In test:long only: each takes seconds to minutes.
if (isLong)
  test('every planted bug is caught', async (t) => {
    const missed: string[] = []
    for (const bug of plantedBugs) if (!(await hunt(bug, 40)).by) missed.push(bug.name)
    assert.deepEqual(missed, [])
    t.diagnostic(`${plantedBugs.length} planted bugs, ${plantedBugs.length} caught`)
  })
