// What one look of the keeper costs, by how many accounts sleep. See README.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type App, openApp } from '../src/app/open.ts'
import { loadConfig } from '../src/config/load.ts'
import { ManualClock } from '../src/core/clock.ts'
import { change } from '../src/session/ground/change.ts'
import { sealSecrets, stamped } from '../src/session/ground/records.ts'
import { keeper } from '../src/session/ground/rights.ts'
import { bounded, type Figure, median, printFigures, showProgress } from './support/figures.ts'

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '100,1000,10000,100000' },
    rounds: { type: 'string', default: '5' },
  },
})
const sizes = values.accounts.split(',').map(Number)
const rounds = Number(values.rounds)
const perRound = 100
const start = Temporal.Instant.from('2026-11-23T03:30:00Z').epochMilliseconds
const minuteMs = 60_000

/** One bhor with so many accounts asleep, and what its looks took. */
interface Household {
  readonly size: number
  readonly app: App
  readonly clock: ManualClock
  accounts: number
  readonly looks: number[]
  readonly idle: number[]
  readonly heapMb: number[]
}

await using opening = new AsyncDisposableStack()
const households: Household[] = []
for (const size of sizes) households.push(await household(size))
for (let round = -1; round < rounds; round++) {
  // The speed of a shared machine changes from one second to the next.
  for (const one of round % 2 === 0 ? households : households.toReversed()) {
    showProgress(`${Math.max(round, 0)} of ${rounds}: ${one.size} accounts`)
    await measure(one, round >= 0)
  }
}
showProgress('')
const [smallest, ...larger] = households
const figures: Figure[] = households.flatMap(({ size, looks, idle, heapMb }) => [
  {
    name: `${size} accounts: a look at ${perRound} that have ended, in ms`,
    measured: median(looks).toFixed(1),
  },
  { name: `${size} accounts: a look at none, in ms`, measured: median(idle).toFixed(3) },
  { name: `${size} accounts: memory that a look took, in MB`, measured: median(heapMb).toFixed(2) },
])
for (const { size, looks, heapMb } of larger) {
  const ratios = looks.map((ms, round) => ms / smallest!.looks[round]!)
  figures.push(
    bounded(`${size} accounts to ${smallest!.size}: time`, median(ratios), { atMost: 1.5 }),
    // Below a megabyte it is what V8 happens to keep.
    bounded(
      `${size} accounts to ${smallest!.size}: memory`,
      Math.max(1, median(heapMb)) / Math.max(1, median(smallest!.heapMb)),
      { atMost: 1.5 },
    ),
  )
}
printFigures('Looks of the keeper on SQLite', figures)

async function household(size: number): Promise<Household> {
  const home = opening.adopt(mkdtempSync(join(tmpdir(), 'bhor-bench-')), (folder) =>
    rmSync(folder, { recursive: true, force: true }),
  )
  const clock = new ManualClock(Temporal.Instant.fromEpochMilliseconds(start))
  const config = loadConfig({ env: { BHOR_HOME: home }, flags: { port: 0 } })
  const app = opening.use(await openApp({ config, clock }))
  const one = { size, app, clock, accounts: 0, looks: [], idle: [], heapMb: [] }
  await fill(one, size - perRound, start + 10_000 * minuteMs)
  // Somebody has named the time: otherwise each end is asked about first.
  app.clock.heard('broker', 'bench', clock.nowMs(), clock.monotonicMs())
  return one
}

async function measure(one: Household, counts: boolean): Promise<void> {
  const { app, clock, looks, idle, heapMb } = one
  await fill(one, perRound, clock.nowMs() + minuteMs - 1)
  const idleMs = await timed(() => app.desk.keeper.look())
  global.gc?.()
  const before = process.memoryUsage().heapUsed
  const lookMs = await timed(async () => {
    // The keeper wakes by itself; whoever asks waits for the look that is under way.
    await clock.advance(minuteMs)
    await app.desk.keeper.look()
  })
  global.gc?.()
  if (!counts) return
  looks.push(lookMs)
  idle.push(idleMs)
  heapMb.push(Math.max(0, process.memoryUsage().heapUsed - before) / 2 ** 20)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

/** So many more accounts with live sessions that end then. */
async function fill(one: Household, count: number, endsAtMs: number): Promise<void> {
  const { context } = one.app.desk
  const { vault } = context
  const last = one.accounts + count
  while (one.accounts < last) {
    showProgress(`${one.accounts} of ${last} accounts`)
    const from = one.accounts
    one.accounts = Math.min(from + 500, last)
    await change(context, async (c) => {
      for (let at = from; at < one.accounts; at++) {
        const id = `acc_${at}`
        const common = { broker: 'kite', kind: 'sandbox', createdAtMs: start, updatedAtMs: start } as const
        const account = stamped(vault, 'accounts', {
          ...common,
          id,
          alias: `demo-${at}`,
          label: '',
          appId: 'app_1',
          userId: 'AB1234',
          redirectUrl: 'http://127.0.0.1:7878/callback/kite',
          postbackUrl: '',
          fields: {},
          sealedSecrets: '',
          settings: {},
          generation: 1,
          lastLoginAtMs: start,
          lastProbe: { atMs: start, verdict: 'valid', code: 'ok' },
          lastDoubt: null,
          lastFault: null,
          lastEgress: null,
          pause: null,
        })
        const session = stamped(vault, 'sessions', {
          id: `ses_${at}`,
          accountId: id,
          generation: 1,
          status: 'active',
          endReason: null,
          endedAtMs: null,
          startedBy: 'login',
          sealedTokens: '',
          sealedGrant: '',
          tokenExpiriesMs: { access: endsAtMs },
          userId: 'AB1234',
          userName: '',
          userShortname: '',
          email: '',
          userType: '',
          brokerName: '',
          exchanges: [],
          products: [],
          orderTypes: [],
          baseUrl: '',
          grantedAtMs: start,
          expiresAtMs: endsAtMs,
          createdAtMs: start,
          unconfirmed: '',
        })
        const tx = c.tell({ actor: keeper.actor, action: 'account.add', result: 'ok', account })
        if (at === 0)
          await tx.apps.insert(
            stamped(vault, 'apps', {
              ...common,
              id: 'app_1',
              apiKey: 'benchkey',
              fields: {},
              sealedSecrets: sealSecrets(
                vault,
                {},
                { table: 'apps', row: 'app_1', field: 'secrets', generation: 0 },
              ),
            }),
          )
        await tx.accounts.insert(account)
        await tx.sessions.insert(session)
      }
    })
  }
}
