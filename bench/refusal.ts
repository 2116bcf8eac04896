// From a program's report that the broker refuses, to the closed gate that a client is told of. See README.md.
import { get } from 'node:http'
import { parseArgs } from 'node:util'
import type { FeedEvent } from '../src/contracts/events.ts'
import { openDesk } from './support/desk.ts'
import { type Figure, printFigures, quantile, showProgress } from './support/figures.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    // A broker is asked a few times a minute for one account; a report about a session just proven is none.
    accounts: { type: 'string', default: '250' },
    command: { type: 'string' },
  },
})
const runs = Number(values.runs)
const size = Math.min(Number(values.accounts), runs)
const justProvenMs = 5_000
const body = JSON.stringify({
  status: 'error',
  error_type: 'TokenException',
  message: 'Incorrect `api_key` or `access_token`.',
})

await using desk = await openDesk(values.command === undefined ? {} : { command: values.command })
await desk.start()
const names = Array.from({ length: size }, (_, at) => `demo${at}`)
for (const [at, name] of names.entries()) {
  showProgress(`${at} of ${size} accounts`)
  await desk.addAccount(name, 'kite', { apiKey: apiKeyOf(name) })
}
const key = await desk.addKey('bench', ['read-token', 'status'])
const origin = `http://127.0.0.1:${desk.port}`
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
/** Who waits to be told of a closed gate, by account. */
const waiting = new Map<string, () => void>()
follow()

const told: number[] = []
const answered: number[] = []
for (let generation = 1; told.length < runs; generation++) {
  for (const [at, name] of names.entries()) {
    showProgress(`round ${generation}: ${at} of ${size} logins`)
    await desk.logIn(name)
  }
  await new Promise((resolve) => setTimeout(resolve, justProvenMs + 500))
  for (const name of names) {
    if (told.length === runs) break
    showProgress(`${told.length} of ${runs} runs`)
    await run(name, generation)
  }
}
showProgress('')

printFigures(`${runs} refusals`, [
  figure('report sent → client told that the gate is closed, in ms', told),
  figure('report sent → its answer “dead”, in ms', answered),
])

async function run(name: string, generation: number): Promise<void> {
  if ((await gateOf(name)) !== 'open') throw new Error(`The gate of ${name} is not open.`)
  desk.simulator.killSession('kite', apiKeyOf(name))
  const startedMs = performance.now()
  const closed = new Promise<void>((resolve) => waiting.set(name, resolve)).then(() =>
    told.push(performance.now() - startedMs),
  )
  const answer = await fetch(`${origin}/v1/accounts/${name}/report`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ generation, status: 403, body }),
  })
  const { state } = (await answer.json()) as { readonly state?: string }
  if (state !== 'dead')
    throw new Error(`The report about ${name} was answered with ${answer.status}, ${state}.`)
  answered.push(performance.now() - startedMs)
  await closed
  if ((await gateOf(name)) !== 'closed') throw new Error(`The gate of ${name} is not closed.`)
}

async function gateOf(name: string): Promise<string> {
  const answer = await fetch(`${origin}/v1/accounts/${name}/gate`, { headers })
  return ((await answer.json()) as { readonly state: string }).state
}

/** One client, for the whole run. */
function follow(): void {
  const request = get(`${origin}/v1/events`, { headers, agent: false }, (stream) => {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) take(part)
    })
  })
  request.on('error', (error) => {
    if (told.length < runs) throw error
  })
}

function take(part: string): void {
  const data = /^data: (.*)$/m.exec(part)?.[1]
  if (!data || !/^event: gate\.changed$/m.test(part)) return
  const { account, state } = JSON.parse(data) as FeedEvent['data'] & { account?: string; state?: string }
  if (state !== 'closed' || account === undefined) return
  waiting.get(account)?.()
  waiting.delete(account)
}

function apiKeyOf(name: string): string {
  return `benchkey${name}`
}

function figure(name: string, all: readonly number[]): Figure {
  const at = (share: number) => quantile(all, share).toFixed(1)
  return { name: `${name}: p50, p99, worst`, measured: `${at(0.5)}, ${at(0.99)}, ${at(1)}` }
}
