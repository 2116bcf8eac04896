import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CopiedRow, StoreCopy } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import { stepCount } from '../../stores/schema.ts'
import { contentOf, keyringRow, linesOf } from './content.ts'

const ring = { id: 'dk_1', purpose: 'data', wrapped: 'v1.m.x', createdAtMs: 1, retiredAtMs: null } as const
const rows: readonly CopiedRow[] = [
  { table: 'apps', row: { id: 'app_1', created_at_ms: 5 } },
  keyringRow(ring),
  { table: 'meta', row: { name: 'vault.check', value: 'of the master key of before' } },
  { table: 'meta', row: { name: 'config.seen', value: '{}' } },
]
const copy: StoreCopy = {
  version: stepCount,
  async *rows() {
    yield* rows
  },
}
const key = { id: 'dk_1', purpose: 'data', createdAtMs: 1, retiredAtMs: null, key: 'AA==' } as const

async function written(): Promise<string[]> {
  const about = { bhor: '0.2', at: '2026-11-29T12:00:00Z', engine: 'sqlite', config: 'port = 1\n' }
  const lines: string[] = []
  for await (const line of linesOf(copy, about, (records) => records.map(() => key))) lines.push(line)
  return lines
}

/** The rows that a restore would write, or the code of what is wrong. */
async function read(lines: readonly string[]): Promise<readonly CopiedRow[] | string> {
  async function* given(): AsyncGenerator<string, void> {
    yield* lines
  }
  try {
    const content = await contentOf(given())
    const found: CopiedRow[] = []
    for await (const row of content.rows(async (keys) => [{ table: 'keys', row: { count: keys.length } }]))
      found.push(row)
    return found
  } catch (error) {
    return isBhorError(error) ? error.code : String(error)
  }
}

test('rows come back as they were, the keys themselves at their end, and nothing of the master key', async () => {
  const lines = await written()
  assert.deepEqual(await read(lines), [rows[0], rows[3], { table: 'keys', row: { count: 1 } }])
  assert.equal(
    lines.some((line) => line.includes('v1.m.x') || line.includes('of the master key')),
    false,
  )
  assert.equal(
    lines.some((line) => line.includes('"key":"AA=="')),
    true,
  )
})

test('what is not whole, or of a later version, is refused', async () => {
  const lines = await written()
  const [about = '', ...rest] = lines
  const later = (change: object) => [JSON.stringify({ ...(JSON.parse(about) as object), ...change }), ...rest]
  assert.equal(await read(later({ schema: stepCount + 1 })), 'backup_newer')
  assert.equal(await read(later({ content: 2 })), 'backup_newer')
  for (const [wrong, why] of [
    [[], 'nothing'],
    [rest, 'no word on what it is'],
    [lines.slice(0, -1), 'no end'],
    [lines.filter((line) => !line.includes('app_1')), 'a row that is missing'],
    [lines.filter((line) => !line.includes('AA==')), 'no keys'],
    [[...lines, rest[0]!], 'a row behind the end'],
    [[about, 'no json', ...rest], 'a line of something else'],
    [[about, '{}', ...rest], 'a word of something else'],
  ] as const)
    assert.equal(await read(wrong), 'backup_damaged', why)
})
