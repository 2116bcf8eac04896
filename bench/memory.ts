// Idle memory of `bhor serve` against a bare node:http server of the same Node. See README.md.
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { exchange } from '../src/cli/wire.ts'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, median, printFigures, showProgress } from './support/figures.ts'
import { startProgram } from './support/program.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, seconds: { type: 'string', default: '10' } },
})
const idleMs = Number(values.seconds) * 1000
const runs = Number(values.runs)

const measured = { empty: [], live: [], used: [], imported: [], builtin: [] } as Record<Side, number[]>
type Side = 'empty' | 'live' | 'used' | 'imported' | 'builtin'

for (let run = 1; run <= runs; run++) {
  showProgress(`run ${run} of ${runs}`)
  measured.imported.push(await bareMb('bare-server.mjs'))
  measured.builtin.push(await bareMb('bare-server-builtin.mjs'))
  await using desk = await openDesk()
  await desk.start()
  await wait(idleMs)
  measured.empty.push(residentMb(desk.server.pid))
  await desk.addAccount('personal')
  await desk.logIn('personal')
  await desk.stop()
  await desk.start()
  await wait(idleMs)
  measured.live.push(residentMb(desk.server.pid))
  await desk.ask('GET', '/v1/accounts/personal/session')
  await exchange({ host: '127.0.0.1', port: desk.port }, 'GET', '/')
  await desk.logIn('personal')
  await wait(idleMs)
  measured.used.push(residentMb(desk.server.pid))
}
showProgress('')

printFigures(`Resident memory after ${values.seconds} s idle, medians of ${runs} runs`, [
  bounded('no account, to node:http', ratio('empty', 'imported'), { atMost: 1.5 }),
  bounded('one live session, to node:http', ratio('live', 'imported'), { atMost: 1.5 }),
  told('no account, to node:http without its fetch', ratio('empty', 'builtin').toFixed(2)),
  told('one live session, to node:http without its fetch', ratio('live', 'builtin').toFixed(2)),
  bounded('after a hand-out, a page and a login, to node:http', ratio('used', 'imported'), { atMost: 1.55 }),
  told('bhor in MB: no account, one live session, used', mb('empty', 'live', 'used')),
  told('node:http in MB: imported, without its fetch', mb('imported', 'builtin')),
])

async function bareMb(file: string): Promise<number> {
  const bare = startProgram(fileURLToPath(new URL(`support/${file}`, import.meta.url)), [])
  await bare.printed(/listening/)
  await wait(idleMs)
  const mbNow = residentMb(bare.pid)
  bare.child.kill()
  await bare.ended
  return mbNow
}

function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

function ratio(ours: Side, theirs: Side): number {
  return median(measured[ours]) / median(measured[theirs])
}

function mb(...sides: Side[]): string {
  return sides.map((side) => median(measured[side]).toFixed(1)).join(', ')
}

function told(name: string, text: string): Figure {
  return { name, measured: text }
}
