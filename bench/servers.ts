// Hand-outs on PostgreSQL by one server and by three that share it, beside the same on SQLite. See README.md.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/support/postgres.ts'
import { type BenchDesk, openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, showProgress } from './support/figures.ts'
import { type Outcome, startLoadGenerator } from './support/load.ts'
import { processorUs } from './support/processor.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '0.6' },
    command: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const durationMs = Number(values.seconds) * 1000
const command = values.command === undefined ? {} : { command: values.command }
const connections = 64
const path = '/v1/accounts/personal/session'

interface Side {
  readonly desks: readonly BenchDesk[]
  readonly keys: readonly string[]
}
interface Measured extends Outcome {
  readonly serverUs: number
  readonly flushMs: number
}
const sideNames = ['sqlite', 'one', 'three'] as const
type SideName = (typeof sideNames)[number]
const all: Record<SideName, Measured[]> = { sqlite: [], one: [], three: [] }
const answers: Record<SideName, number> = { sqlite: 0, one: 0, three: 0 }

await using opening = new AsyncDisposableStack()
const postgres = opening.use(await startPostgres())
const databaseUrl = await postgres.freshDatabase()
const alone = await openSide([opening.use(await openDesk(command))])
const first = opening.use(await openDesk({ ...command, databaseUrl }))
const shared = await openSide([first])
const others = [
  opening.use(await openDesk({ ...command, beside: first })),
  opening.use(await openDesk({ ...command, beside: first })),
]
for (const desk of others) await desk.start()
const sides: Record<SideName, Side> = {
  sqlite: alone,
  one: shared,
  three: { ...shared, desks: [first, ...others] },
}
using load = startLoadGenerator()
for (let round = -3; round < rounds; round++) {
  showProgress(`${Math.max(round, 0)} of ${rounds}`)
  for (const name of round % 2 === 0 ? sideNames : sideNames.toReversed()) {
    const measured = await measure(sides[name])
    answers[name] += measured.answers
    if (round >= 0) all[name].push(measured)
  }
}
showProgress('')
const intact = (await first.ask('GET', '/v1/audit/verify')) as { readonly intact: boolean }
for (const desk of [...alone.desks, ...sides.three.desks]) await desk.stop()
const recorded = { sqlite: recordedInFile(alone.desks[0]!), postgres: await recordedInPostgres() }

printFigures(`Hand-outs at ${connections} connections with ${connections} keys`, [
  bounded('PostgreSQL, one server: requests/s, to SQLite', ratio('one', 'sqlite'), { atLeast: 0.4 }),
  bounded('PostgreSQL, three servers in sum, to one', ratio('three', 'one'), { atLeast: 1 }),
  told('requests/s', ({ perSecond }) => perSecond, 0),
  told('p50 in µs', ({ p50Us }) => p50Us, 0),
  told('p99 in µs', ({ p99Us }) => p99Us, 0),
  told('processor µs of the servers a request, without the database', ({ serverUs }) => serverUs, 1),
  told('core share of the generator', ({ generatorShare }) => generatorShare, 2),
  told('a flush of 8 kB before it, in ms', ({ flushMs }) => flushMs, 2),
  equal('answers, and hand-outs that the audit tells of: SQLite', answers.sqlite, recorded.sqlite),
  equal('the same: PostgreSQL', answers.one + answers.three, recorded.postgres),
  {
    name: 'the chain of the three verifies',
    measured: String(intact.intact),
    target: 'true',
    isMet: intact.intact,
  },
])

/** A database with a live account and a key for each connection. */
async function openSide([desk]: readonly [BenchDesk]): Promise<Side> {
  await desk.start()
  await desk.addAccount('personal')
  await desk.logIn('personal')
  const keys: string[] = []
  while (keys.length < connections) keys.push(await desk.addKey(`bench ${keys.length}`))
  return { desks: [desk], keys }
}

async function measure({ desks, keys }: Side): Promise<Measured> {
  const flushMs = flushed()
  const ports = desks.map(({ port }) => port)
  const requests = keys.map(
    (key, at) =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${ports[at % ports.length]}\r\nAuthorization: Bearer ${key}\r\n\r\n`,
  )
  const used = () => desks.reduce((sum, { server }) => sum + processorUs(server.pid), 0)
  const before = used()
  const outcome = await load.run({ ports, requests, connections, durationMs })
  return { ...outcome, flushMs, serverUs: (used() - before) / outcome.answers }
}

/** What the disk takes now, in the median: it is shared. */
function flushed(): number {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-bench-'))
  const file = openSync(join(folder, 'flushed'), 'w')
  try {
    const page = Buffer.alloc(8192)
    const took = Array.from({ length: 5 }, () => {
      const startedMs = performance.now()
      writeSync(file, page, 0, page.length, 0)
      fdatasyncSync(file)
      return performance.now() - startedMs
    })
    return median(took)
  } finally {
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

/** The median of what each round's side was to the other one of the same round. */
function ratio(of: SideName, to: SideName): number {
  return median(all[of].map(({ perSecond }, at) => perSecond / all[to][at]!.perSecond))
}

function told(name: string, value: (measured: Measured) => number, digits: number): Figure {
  const text = (side: SideName) => median(all[side].map(value)).toFixed(digits)
  return { name: `${name}: SQLite, one, three`, measured: sideNames.map(text).join(', ') }
}

function equal(name: string, told: number, stored: number): Figure {
  return { name, measured: `${told} and ${stored}`, target: 'equal', isMet: told === stored }
}

function recordedInFile({ home }: BenchDesk): number {
  using store = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const sql = `select count(*) as n from audit where json_extract(entry_json, '$.action') = 'session.handout'`
  return Number(store.prepare(sql).get()?.n)
}

async function recordedInPostgres(): Promise<number> {
  const sql = `select count(*) as n from audit where entry_json::json ->> 'action' = 'session.handout'`
  return Number((await postgres.run(databaseUrl, sql))[0]?.n)
}
