// Keep-alive connections over plain sockets, no pipelining. Told what to do by its parent; see load.ts.
import { connect } from 'node:net'
import { quantile } from './figures.ts'
import type { Outcome, Stretch } from './load.ts'

process.on('message', (stretch: Stretch) => {
  run(stretch).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run({ ports, requests, connections, durationMs }: Stretch): Promise<Outcome> {
  const bytes = requests.map((request) => Buffer.from(request, 'latin1'))
  const latencies: number[] = []
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const lines = Array.from({ length: connections }, (_, at) =>
    oneLine(ports[at % ports.length]!, bytes[at % bytes.length]!, startedAt + durationMs, latencies),
  )
  await Promise.all(lines)
  const tookMs = performance.now() - startedAt
  const cpu = process.cpuUsage(cpuBefore)
  return {
    answers: latencies.length,
    perSecond: (latencies.length / tookMs) * 1000,
    p50Us: quantile(latencies, 0.5) * 1000,
    p99Us: quantile(latencies, 0.99) * 1000,
    generatorShare: (cpu.user + cpu.system) / 1000 / tookMs,
  }
}

/** Sends until the time is over; the last answer is waited for. */
function oneLine(port: number, request: Buffer, untilMs: number, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    let answerBytes = 0
    let read = 0
    let sentAt = 0
    const send = () => {
      read = 0
      sentAt = performance.now()
      socket.write(request)
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The server closed a connection.')))
    socket.on('data', (chunk: Buffer) => {
      if (read === 0) {
        // “HTTP/1.1 200”
        if (chunk[9] !== 0x32 || chunk[10] !== 0x30) return reject(new Error(chunk.toString('latin1')))
        if (answerBytes === 0) answerBytes = sizeOf(chunk)
      }
      read += chunk.length
      if (read > answerBytes) return reject(new Error('An answer is longer than the first one.'))
      if (read < answerBytes) return
      const now = performance.now()
      latencies.push(now - sentAt)
      if (now < untilMs) return send()
      socket.removeAllListeners('close')
      socket.end()
      resolve()
    })
  })
}

/** Head and body of the first answer; every later one of the same request has the same size. */
function sizeOf(chunk: Buffer): number {
  const text = chunk.toString('latin1')
  const headEnd = text.indexOf('\r\n\r\n')
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
  if (headEnd < 0 || length === undefined)
    throw new Error(`An answer without content-length: ${text.slice(0, 200)}`)
  return headEnd + 4 + Number(length)
}
