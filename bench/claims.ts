// Due work that several servers share: how many rows a second are claimed and settled on PostgreSQL. See README.md.

import { parseArgs } from 'node:util'
import type { Store } from '../src/contracts/store.ts'
import type { WorkRecord } from '../src/contracts/work.ts'
import { workKinds } from '../src/contracts/work.ts'
import { systemClock as clock } from '../src/core/clock.ts'
import { openStore } from '../src/stores/open.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { type Figure, median, printFigures, showProgress } from './support/figures.ts'
import { accountRow, appRow } from './support/rows.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '7' } },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const perClaim = 100
const leaseMs = 30_000
const generation = 1

await using opening = new AsyncDisposableStack()
const postgres = opening.use(await startPostgres())
const url = await postgres.freshDatabase()
const stores: Store[] = []
while (stores.length < 3) stores.push(opening.use(await openStore({ url, clock })))
const [first] = stores as [Store]
await fill()

/** By how many servers. */
const claimed = new Map<number, number[]>([
  [1, []],
  [3, []],
])
const settled = new Map<number, number[]>([
  [1, []],
  [3, []],
])
for (let round = -1; round < rounds; round++) {
  for (const servers of round % 2 === 0 ? [1, 3] : [3, 1]) {
    showProgress(`${Math.max(round, 0)} of ${rounds}`)
    await plan()
    const taken = stores.slice(0, servers).map((): WorkRecord[] => [])
    const claimMs = await timed(() => Promise.all(taken.map((mine, at) => claimAll(at, mine))))
    const all = taken.flat()
    if (new Set(all.map(({ accountId }) => accountId)).size !== rows || all.length !== rows)
      throw new Error(`${all.length} rows were claimed, each of ${rows} should have been once.`)
    const settleMs = await timed(() => Promise.all(taken.map((mine, at) => settleAll(at, mine))))
    const { count } = await first.work.backlog(clock.nowMs())
    if (count !== 0) throw new Error(`${count} rows were not settled.`)
    if (round < 0) continue
    claimed.get(servers)!.push((rows / claimMs) * 1000)
    settled.get(servers)!.push((rows / settleMs) * 1000)
  }
}
showProgress('')
printFigures(
  `${rows} rows of due work on PostgreSQL, ${perClaim} a claim, each settled by a commit of its own`,
  [
    told('claimed: rows/s', claimed),
    told('settled: rows/s', settled),
    told('claimed and settled: rows/s', both()),
  ],
)

async function claimAll(at: number, mine: WorkRecord[]): Promise<void> {
  for (;;) {
    const claim = { owner: `server ${at}`, nowMs: clock.nowMs(), leaseMs, limit: perClaim, kinds: workKinds }
    const some = await stores[at]!.claimWork(claim)
    if (some.length === 0) return
    mine.push(...some)
  }
}

/** As the keeper does when a piece is done: it proves that it still holds it, and gives it back. */
async function settleAll(at: number, mine: readonly WorkRecord[]): Promise<void> {
  for (const work of mine) {
    await stores[at]!.transaction(async (tx) => {
      await tx.work.hold(work)
      const again = { failed: false, plannedAtMs: work.plannedAtMs, notBeforeMs: clock.nowMs() + 3_600_000 }
      await tx.work.settle(work, again)
    })
  }
}

/** All are due again. */
async function plan(): Promise<void> {
  const atMs = clock.nowMs() - 1
  await first.transaction(async (tx) => {
    for (let at = 0; at < rows; at++) await tx.work.plan(`acc_${at}`, generation, new Map())
    for (let at = 0; at < rows; at++) await tx.work.plan(`acc_${at}`, generation, new Map([['probe', atMs]]))
  })
}

async function fill(): Promise<void> {
  await first.transaction(async (tx) => {
    await tx.apps.insert({ ...appRow, mac: 'bench' })
    for (let at = 0; at < rows; at++)
      await tx.accounts.insert({
        ...accountRow(generation),
        id: `acc_${at}`,
        alias: `demo-${at}`,
        mac: 'bench',
      })
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

function both(): Map<number, number[]> {
  const together = (servers: number) =>
    claimed.get(servers)!.map((perSecond, at) => 1 / (1 / perSecond + 1 / settled.get(servers)![at]!))
  return new Map([...claimed.keys()].map((servers) => [servers, together(servers)]))
}

function told(name: string, by: ReadonlyMap<number, readonly number[]>): Figure {
  const texts = [...by.values()].map((perSecond) => median(perSecond).toFixed(0))
  return { name: `${name}: one server, three in sum`, measured: texts.join(', ') }
}
