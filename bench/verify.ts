// Hand-outs beside `bhor audit verify` of a long record. See README.md.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { exchange, readReply } from '../src/cli/wire.ts'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, printFigures, quantile, showProgress } from './support/figures.ts'
import { startLoadGenerator } from './support/load.ts'

const { values } = parseArgs({ options: { records: { type: 'string', default: '200000' } } })
const records = Number(values.records)

await using desk = await openDesk()
await desk.start()
await desk.addAccount('personal')
await desk.logIn('personal')
// A key for each connection: no two of them share a record.
const keys: string[] = []
while (keys.length < 64) keys.push(await desk.addKey(`bench ${keys.length}`))
const path = '/v1/accounts/personal/session'
const requests = keys.map(
  (key) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\nAuthorization: Bearer ${key}\r\n\r\n`,
)
{
  using load = startLoadGenerator()
  while (recorded() < records) {
    showProgress(`${recorded()} of ${records} records`)
    await load.run({ ports: [desk.port], requests, connections: 64, durationMs: 1000 })
  }
}
showProgress('')

const alone = await handOutsUntil(new Promise((resolve) => setTimeout(resolve, 5_000)))
const startedMs = performance.now()
const verified = exchange({ path: join(desk.home, 'bhor.sock') }, 'GET', '/v1/audit/verify', {}).then(
  readReply,
)
const beside = await handOutsUntil(verified)
const verifyMs = performance.now() - startedMs
const verdict = (await verified) as { readonly intact: boolean; readonly records: number }

printFigures(`Hand-outs beside a verify of ${verdict.records} records`, [
  bounded('worst hand-out beside it, in ms', Math.max(...beside), { atMost: 50 }),
  told('p99 and p50 beside it, in ms', beside),
  told('p99 and p50 alone, in ms', alone),
  { name: 'worst hand-out alone, in ms', measured: Math.max(...alone).toFixed(2) },
  { name: 'hand-outs beside it', measured: String(beside.length) },
  { name: 'verify, in s', measured: (verifyMs / 1000).toFixed(1) },
  { name: 'the record is intact', measured: String(verdict.intact), target: 'true', isMet: verdict.intact },
])

/** How long each hand-out took, one after the other on one connection, until `end`. */
async function handOutsUntil(end: Promise<unknown>): Promise<number[]> {
  let isDone = false
  void end.finally(() => {
    isDone = true
  })
  const took: number[] = []
  const headers = { authorization: `Bearer ${keys[0]}` }
  while (!isDone) {
    const beforeMs = performance.now()
    const answer = await fetch(`http://127.0.0.1:${desk.port}${path}`, { headers })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`A hand-out was answered with ${answer.status}.`)
    took.push(performance.now() - beforeMs)
  }
  return took
}

function recorded(): number {
  using database = new DatabaseSync(join(desk.home, 'bhor.db'), { readOnly: true })
  return Number(database.prepare('select seq from audit_head').get()?.seq)
}

function told(name: string, all: readonly number[]): Figure {
  return { name, measured: [0.99, 0.5].map((share) => quantile(all, share).toFixed(2)).join(' and ') }
}
