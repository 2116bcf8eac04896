// What a legitimate client feels while somebody without a key attacks the desk's port. See README.md.
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startAttack } from './support/attacking.ts'
import { attackNames } from './support/attacks.ts'
import { openDesk } from './support/desk.ts'
import { bounded, type Figure, printFigures, quantile, showProgress } from './support/figures.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, only: { type: 'string', default: '' } },
})
const durationMs = Number(values.seconds) * 1000
/** Between two hand-outs of one client. */
const pauseMs = 10
/** Whoever gets no answer within this time counts with it. */
const patienceMs = 5_000

await using desk = await openDesk()
await desk.start()
await desk.addAccount('personal')
await desk.logIn('personal')
const key = await desk.addKey('bench')
const handOut = [
  'GET /v1/accounts/personal/session HTTP/1.1',
  `Host: 127.0.0.1:${desk.port}`,
  `Authorization: Bearer ${key}`,
].join('\r\n')

const figures: Figure[] = [...told('nobody attacks', await measure())]
for (const name of attackNames.filter((each) => each.includes(values.only))) {
  showProgress(name)
  using attack = startAttack(name, desk.port)
  await attack.hasOpened(1)
  await wait(1_000)
  figures.push(...told(name, await measure()))
}
showProgress('')
{
  using _reading = startAttack('documents, 3 MB of requests at once', desk.port)
  using unread = startAttack('connections that never read', desk.port)
  await unread.hasOpened(1030)
  const beforeMs = performance.now()
  await desk.stop()
  figures.push(
    bounded('SIGTERM to the end under two attacks, in s', (performance.now() - beforeMs) / 1000, {
      atMost: 5,
    }),
  )
}
printFigures('Hand-outs while the port is attacked', figures)

interface Felt {
  /** How long each hand-out took, in ms: on one connection that was kept, and on a new one each. */
  readonly kept: readonly number[]
  readonly fresh: readonly number[]
  readonly mostMb: number
}

async function measure(): Promise<Felt> {
  let mostMb = 0
  const watch = setInterval(() => {
    mostMb = Math.max(mostMb, residentMb())
  }, 100)
  const untilMs = performance.now() + durationMs
  const [kept, fresh] = await Promise.all([handOuts(untilMs, true), handOuts(untilMs, false)])
  clearInterval(watch)
  return { kept, fresh, mostMb }
}

function told(name: string, { kept, fresh, mostMb }: Felt): Figure[] {
  const p99 = (all: readonly number[]) => quantile(all, 0.99)
  return [
    bounded(`${name}: p99 in ms, kept connection`, p99(kept), { atMost: 50 }),
    bounded(`${name}: p99 in ms, new connections`, p99(fresh), { atMost: 50 }),
    {
      name: `${name}: p50 kept, p50 new, MB`,
      measured: `${quantile(kept, 0.5).toFixed(1)}, ${quantile(fresh, 0.5).toFixed(1)}, ${mostMb.toFixed(0)}`,
    },
  ]
}

async function handOuts(untilMs: number, isKept: boolean): Promise<number[]> {
  const took: number[] = []
  let socket: Socket | undefined
  while (performance.now() < untilMs) {
    const beforeMs = performance.now()
    socket ??= connect(desk.port, '127.0.0.1').on('error', () => {})
    socket.write(`${handOut}${isKept ? '' : '\r\nConnection: close'}\r\n\r\n`)
    const isAnswered = await answered(socket)
    took.push(isAnswered ? performance.now() - beforeMs : patienceMs)
    if (!isKept || !isAnswered) {
      socket.destroy()
      socket = undefined
    }
    await wait(pauseMs)
  }
  socket?.destroy()
  return took
}

/** Whether a hand-out came whole. */
function answered(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    let text = ''
    const end = (isAnswered: boolean) => {
      clearTimeout(limit)
      socket.off('data', take).off('close', closed)
      resolve(isAnswered)
    }
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.endsWith('}')) end(text.startsWith('HTTP/1.1 200 '))
    }
    const closed = () => end(false)
    const limit = setTimeout(closed, patienceMs)
    socket.on('data', take).on('close', closed)
  })
}

function residentMb(): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${desk.server.pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}
