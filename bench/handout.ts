// Token hand-out with a durable audit record before every answer, against a bare node:http hello and one that flushes.
// See README.md.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchDesk, openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, showProgress } from './support/figures.ts'
import { type LoadGenerator, type Outcome, startLoadGenerator } from './support/load.ts'
import { processorUs } from './support/processor.ts'
import { startProgram } from './support/program.ts'

const { values } = parseArgs({
  options: {
    // Short stretches by turns: the speed of a shared machine changes from one second to the next.
    rounds: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '0.4' },
  },
})
const rounds = Number(values.rounds)
const durationMs = Number(values.seconds) * 1000

interface Side {
  readonly pid: number
  readonly port: number
  readonly requests: readonly string[]
}
interface Measured extends Outcome {
  readonly serverUs: number
}
const sideNames = ['bhor', 'hello', 'flushing', 'healthz'] as const
type SideName = (typeof sideNames)[number]
type Rounds = Readonly<Record<SideName, readonly Measured[]>>
const perSecond = (side: Measured) => side.perSecond
const p50Us = (side: Measured) => side.p50Us

await using desk = await openDesk()
await desk.start()
await desk.addAccount('personal')
await desk.logIn('personal')
const key = await desk.addKey('bench')
const keys = [key]
while (keys.length < 64) keys.push(await desk.addKey(`bench ${keys.length}`))
const bodyBytes = JSON.stringify(await desk.ask('GET', '/v1/accounts/personal/session')).length
const bare = await baseline('bare-server.mjs')
const durable = await baseline(
  'durable-server.mjs',
  join(desk.home, 'durable.bin'),
  String(recordBytes(desk)),
)
using load = startLoadGenerator()

/** Every connection asks with a key of its own. */
const requestTo = (port: number, path = '/v1/accounts/personal/session') =>
  keys.map((by) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${by}\r\n\r\n`)
const bhor: Side = { pid: desk.server.pid, port: desk.port, requests: requestTo(desk.port) }
/** The same server without rights, chain and store. */
const healthz: Side = { ...bhor, requests: requestTo(desk.port, '/healthz') }
const hello: Side = { pid: bare.program.pid, port: bare.port, requests: requestTo(bare.port) }
const flushing: Side = { pid: durable.program.pid, port: durable.port, requests: requestTo(durable.port) }

// The one that was asked for above.
let handOuts = 1
const many = await alternate(64, rounds)
const one = await alternate(1, Math.ceil(rounds / 2))
bare.program.child.kill()
durable.program.child.kill()
await desk.stop()
const recorded = recordedHandOuts(desk)

printFigures(`Hand-out, ${bodyBytes} bytes each, a durable audit record before every answer`, [
  bounded('64 connections, 64 keys: requests/s, to one that flushes', ratio(many, 'flushing', perSecond), {
    atLeast: 0.65,
  }),
  { name: 'the same, to bare node:http', measured: ratio(many, 'hello', perSecond).toFixed(2) },
  {
    name: '64 connections: requests/s of its /healthz, to bare node:http',
    measured: ratio(many, 'hello', perSecond, 'healthz').toFixed(2),
  },
  told('64 connections: requests/s', many, perSecond, 0),
  told('64 connections: p99 in µs', many, (side) => side.p99Us, 0),
  told('64 connections: processor µs of the server a request', many, (side) => side.serverUs, 1),
  told('64 connections: core share of the generator', many, (side) => side.generatorShare, 2),
  bounded('1 connection: p50, to one that flushes', ratio(one, 'flushing', p50Us), { atMost: 1.5 }),
  { name: 'the same, to bare node:http', measured: ratio(one, 'hello', p50Us).toFixed(2) },
  told('1 connection: p50 in µs', one, p50Us, 0),
  {
    name: 'answers, and hand-outs that the audit tells of',
    measured: `${handOuts} and ${recorded}`,
    target: 'equal',
    isMet: handOuts === recorded,
  },
])

async function baseline(file: string, ...more: string[]) {
  const program = startProgram(fileURLToPath(new URL(`support/${file}`, import.meta.url)), [
    String(bodyBytes),
    ...more,
  ])
  return { program, port: Number((await program.printed(/listening on (\d+)/))[1]) }
}

async function alternate(connections: number, count: number): Promise<Rounds> {
  const sides = { bhor, hello, flushing, healthz }
  const all: Record<SideName, Measured[]> = { bhor: [], hello: [], flushing: [], healthz: [] }
  // Three rounds warm up: V8 takes some seconds to know the way.
  for (let round = -3; round < count; round++) {
    showProgress(`${connections} connections: ${Math.max(round, 0)} of ${count}`)
    for (const name of round % 2 === 0 ? sideNames : sideNames.toReversed()) {
      const measured = await measure(load, sides[name], connections)
      if (name === 'bhor') handOuts += measured.answers
      if (round >= 0) all[name].push(measured)
    }
  }
  showProgress('')
  return all
}

/** The median of what each round's side was to the baseline of the same round. */
function ratio(
  rounds: Rounds,
  baselineName: 'hello' | 'flushing',
  value: (side: Measured) => number,
  of: SideName = 'bhor',
): number {
  return median(rounds[of].map((round, at) => value(round) / value(rounds[baselineName][at]!)))
}

async function measure(generator: LoadGenerator, side: Side, connections: number): Promise<Measured> {
  const before = processorUs(side.pid)
  const outcome = await generator.run({
    ports: [side.port],
    requests: side.requests,
    connections,
    durationMs,
  })
  return { ...outcome, serverUs: (processorUs(side.pid) - before) / outcome.answers }
}

function told(name: string, rounds: Rounds, value: (side: Measured) => number, digits: number): Figure {
  const text = (side: SideName) => median(rounds[side].map(value)).toFixed(digits)
  return {
    name: `${name}: bhor, bare, flushing, /healthz`,
    measured: sideNames.map(text).join(', '),
  }
}

function recordedHandOuts({ home }: BenchDesk): number {
  using store = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const sql = `select count(*) as n from audit where json_extract(entry_json, '$.action') = 'session.handout'`
  return Number(store.prepare(sql).get()!.n)
}

/** What is written durably for one answer: the columns of its record. */
function recordBytes({ home }: BenchDesk): number {
  using store = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const sql = `select length(entry_json) + length(mac) + length(account_id) + 16 as n from audit
    where json_extract(entry_json, '$.action') = 'session.handout'`
  return Number(store.prepare(sql).get()!.n)
}
