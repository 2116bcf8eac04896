// What it costs to know that a store has not gone back: at each hand-out, and at a start. See README.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openAuditLog } from '../src/audit/log.ts'
import type { Store } from '../src/contracts/store.ts'
import { systemClock as clock } from '../src/core/clock.ts'
import { systemRandom as random } from '../src/core/random.ts'
import { inventoryKeys } from '../src/session/ground/inventory-keys.ts'
import { stamped } from '../src/session/ground/records.ts'
import { openStore } from '../src/stores/open.ts'
import { masterKeyOf } from '../src/vault/master-key.ts'
import { openVault } from '../src/vault/open.ts'
import { bounded, type Figure, median, printFigures, showProgress } from './support/figures.ts'
import { accountRow, appRow, keyRow, sessionRow } from './support/rows.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, rows: { type: 'string', default: '10000' } },
})
const rounds = Number(values.rounds)
const rows = Number(values.rows)

interface House extends AsyncDisposable {
  readonly store: Store
  /** One hand-out's record, durable, by one of 64 keys. */
  handOut(key: number): Promise<void>
}

await using counted = await openHouse(true)
await using bare = await openHouse(false)
const figures: Figure[] = []
for (const together of [1, 64]) {
  const taken = new Map<House, number[]>([
    [counted, []],
    [bare, []],
  ])
  for (let round = -3; round < rounds; round++) {
    showProgress(`${together} together: ${Math.max(round, 0)} of ${rounds}`)
    for (const house of round % 2 === 0 ? [counted, bare] : [bare, counted]) {
      const us = await processorUs(house, together)
      if (round >= 0) taken.get(house)?.push(us)
    }
  }
  const [withUs = [], withoutUs = []] = taken.values()
  const ratio = median(withUs.map((us, round) => us / withoutUs[round]!))
  figures.push(
    bounded(`${together} a commit: processor time of a hand-out, to one without`, ratio, { atMost: 1.3 }),
    {
      name: `${together} a commit: processor µs of a hand-out, with and without`,
      measured: `${median(withUs).toFixed(1)} and ${median(withoutUs).toFixed(1)}`,
    },
  )
}
const looksMs: number[] = []
for (let look = 0; look < 5; look++) {
  const startedMs = performance.now()
  await counted.store.inspect()
  looksMs.push(performance.now() - startedMs)
}
showProgress('')
figures.push({ name: `comparing ${rows} rows, as at a start: ms`, measured: median(looksMs).toFixed(0) })
printFigures('What it costs to know that a store has not gone back', figures)

/** A store with an account, `rows` sessions and 64 keys, whose rows are counted or not. */
async function openHouse(isCounted: boolean): Promise<House> {
  const home = mkdtempSync(join(tmpdir(), 'bhor-bench-'))
  const store = await openStore({ url: `sqlite:${join(home, 'bhor.db')}`, clock })
  const masterKey = masterKeyOf(random.bytes(32), 'bench')
  const { vault } = await openVault({ store, masterKey, random, clock })
  await store.transaction(async (tx) => {
    await tx.apps.insert(stamped(vault, 'apps', appRow))
    await tx.accounts.insert(stamped(vault, 'accounts', accountRow(rows)))
    for (let generation = 1; generation <= rows; generation++)
      await tx.sessions.insert(stamped(vault, 'sessions', sessionRow(generation, generation === rows)))
    for (let key = 0; key < 64; key++) await tx.keys.insert(stamped(vault, 'client_keys', keyRow(key)))
  })
  if (isCounted) {
    const seen = { seq: 0, mac: '', version: 0 }
    const binding = { seen, folder: 'here', onSeen() {}, onRollback() {} }
    await store.takeInventory(inventoryKeys(vault, random), binding)
  }
  const log = openAuditLog({ store, vault, clock })
  const recorders = Array.from({ length: 64 }, (_, key) => {
    const { id } = keyRow(key)
    const entry = {
      action: 'session.handout',
      accountId: accountRow(rows).id,
      account: 'demo',
      result: 'ok',
    } as const
    const watch = { accountIds: [entry.accountId], keyIds: [id] }
    return log.recorder({ ...entry, actor: { kind: 'key', id } }, watch, ({ accounts, liveKeyIds }) => {
      if (accounts.size === 1 && liveKeyIds.has(id)) return undefined
      throw new Error('The rows are not as they were written.')
    })
  })
  return {
    store,
    handOut: (key) => recorders[key]!(),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      rmSync(home, { recursive: true })
    },
  }
}

/** Of one hand-out. */
async function processorUs({ handOut }: House, together: number): Promise<number> {
  const commits = together === 1 ? 400 : 60
  const before = process.cpuUsage()
  for (let commit = 0; commit < commits; commit++)
    await Promise.all(Array.from({ length: together }, (_, key) => handOut(key)))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (commits * together)
}
