// Token hand-out with a durable audit record before every answer, against a bare node:http hello. See README.md.
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
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '2' },
  },
})
const rounds = Number(values.rounds)
const durationMs = Number(values.seconds) * 1000

interface Side {
  readonly pid: number
  readonly port: number
  readonly request: string
}
interface Measured extends Outcome {
  readonly serverUs: number
}

await using desk = await openDesk()
await desk.start()
await desk.addAccount('personal')
await desk.logIn('personal')
const key = await desk.addKey('bench')
const bodyBytes = JSON.stringify(await desk.ask('GET', '/v1/accounts/personal/session')).length
const bare = startProgram(fileURLToPath(new URL('support/bare-server.mjs', import.meta.url)), [
  String(bodyBytes),
])
const barePort = Number((await bare.printed(/listening on (\d+)/))[1])
using load = startLoadGenerator()

const requestTo = (port: number) =>
  `GET /v1/accounts/personal/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${key}\r\n\r\n`
const bhor: Side = { pid: desk.server.pid, port: desk.port, request: requestTo(desk.port) }
const hello: Side = { pid: bare.pid, port: barePort, request: requestTo(barePort) }

// The one that was asked for above.
let handOuts = 1
const many = await alternate(64, rounds)
const one = await alternate(1, Math.ceil(rounds / 2))
bare.child.kill()
await desk.stop()
const records = handOutRecords(desk)

printFigures(`Hand-out, ${bodyBytes} bytes each, a durable audit record before every answer`, [
  bounded('64 connections: requests/s, to bare node:http', many.perSecond, { atLeast: 0.8 }),
  told('64 connections: requests/s, hand-out and bare', many.bhor, many.hello, (side) => side.perSecond, 0),
  told('64 connections: p99 in µs', many.bhor, many.hello, (side) => side.p99Us, 0),
  told(
    '64 connections: processor µs of the server a request',
    many.bhor,
    many.hello,
    (side) => side.serverUs,
    1,
  ),
  told(
    '64 connections: core share of the generator',
    many.bhor,
    many.hello,
    (side) => side.generatorShare,
    2,
  ),
  bounded('1 connection: p50, to bare node:http', one.p50, { atMost: 5 }),
  told('1 connection: p50 in µs', one.bhor, one.hello, (side) => side.p50Us, 0),
  {
    name: 'answers, and audit records of hand-outs',
    measured: `${handOuts} and ${records}`,
    target: 'equal',
    isMet: handOuts === records,
  },
])

async function alternate(connections: number, pairs: number) {
  const bhorRounds: Measured[] = []
  const helloRounds: Measured[] = []
  // Three pairs warm up: V8 takes some seconds to know the way.
  for (let pair = -3; pair < pairs; pair++) {
    showProgress(`${connections} connections: ${Math.max(pair, 0)} of ${pairs}`)
    const [first, second] = pair % 2 === 0 ? [bhor, hello] : [hello, bhor]
    for (const side of [first, second]) {
      const measured = await measure(load, side, connections)
      if (side === bhor) handOuts += measured.answers
      if (pair >= 0) (side === bhor ? bhorRounds : helloRounds).push(measured)
    }
  }
  showProgress('')
  const ratios = (value: (side: Measured) => number) =>
    median(bhorRounds.map((round, i) => value(round) / value(helloRounds[i]!)))
  return {
    bhor: bhorRounds,
    hello: helloRounds,
    perSecond: ratios((side) => side.perSecond),
    p50: ratios((side) => side.p50Us),
  }
}

async function measure(generator: LoadGenerator, side: Side, connections: number): Promise<Measured> {
  const before = processorUs(side.pid)
  const outcome = await generator.run({ port: side.port, request: side.request, connections, durationMs })
  return { ...outcome, serverUs: (processorUs(side.pid) - before) / outcome.answers }
}

function told(
  name: string,
  ours: readonly Measured[],
  theirs: readonly Measured[],
  value: (side: Measured) => number,
  digits: number,
): Figure {
  const text = (side: readonly Measured[]) => median(side.map(value)).toFixed(digits)
  return { name, measured: `${text(ours)} and ${text(theirs)}` }
}

function handOutRecords({ home }: BenchDesk): number {
  using store = new DatabaseSync(join(home, 'bhor.db'), { readOnly: true })
  const sql = `select count(*) as n from audit where json_extract(entry_json, '$.action') = 'session.handout'`
  return Number(store.prepare(sql).get()!.n)
}
