import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem, Scope, SessionNotGenerated } from '../../src/contracts/api.ts'
import { type DeskServer, serveDesk } from '../../src/http/server.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

const http = process.getBuiltinModule('node:http')
const net = process.getBuiltinModule('node:net')

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The text as JSON. */
  readonly json: unknown
  /** The problem's code; empty for an answer that is none. */
  readonly code: string
}

export interface AskOptions {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is. */
  readonly bytes?: Uint8Array | string
  readonly overSocket?: boolean
}

/** A whole bhor with its doors open, and what it takes to knock at them in every way. */
export interface Doors extends AsyncDisposable {
  readonly world: World
  readonly server: DeskServer
  /** `127.0.0.1:54321` */
  readonly host: string
  readonly port: number
  readonly socketPath: string
  readonly logged: readonly string[]
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>
  /** A new client key. */
  key(scopes: readonly Scope[], accounts?: readonly string[]): Promise<string>
  /** Sends these bytes on a connection of its own; resolves with all that came back when the server has closed it. */
  raw(bytes: string | Uint8Array): Promise<string>
  /** The two halves of a new sign-in at the dashboard, as request headers of its page. */
  signIn(): Promise<Record<string, string>>
}

export async function openDoors(options: WorldOptions = {}): Promise<Doors> {
  await using opening = new AsyncDisposableStack()
  const world = opening.use(await openWorld(options))
  const folder = mkdtempSync(join(tmpdir(), 'bhor-doors-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>bhor</title>')
  writeFileSync(join(folder, 'page', 'assets', 'app.js'), 'export {}\n')
  const socketPath = join(folder, 'bhor.sock')
  const logged: string[] = []
  const server = opening.use(
    await serveDesk({
      app: world.app,
      dashboardFolder: join(folder, 'page'),
      socketPath,
      log: (level, text, facts) => void logged.push(`${level} ${text} ${String(facts?.err ?? '')}`),
    }),
  )
  const { host, port } = new URL(server.origin)
  const parts = opening.move()
  let made = 0
  const doors: Doors = {
    world,
    server,
    host,
    port: Number(port),
    socketPath,
    logged,
    ask: (method, path, ask = {}) => send(doors, method, path, ask),
    async key(scopes, accounts) {
      const { key } = await world.app.desk.keys.add(world.app.operator, {
        name: `test ${++made}`,
        scopes: [...scopes],
        ...(accounts ? { accounts: [...accounts] } : {}),
      })
      return key.reveal()
    },
    raw: (bytes) => exchangeBytes(Number(port), bytes),
    async signIn() {
      const link = server.signIns.newLink()
      const { host, origin } = new URL(link.page)
      const { browser, cookie, page } = await server.signIns.signIn(link.token.reveal(), origin)
      return {
        host,
        cookie: `bhor_${browser.id}=${cookie.reveal()}`,
        'x-bhor-session': page.reveal(),
        'sec-fetch-site': 'same-origin',
      }
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
  return doors
}

function send(doors: Doors, method: string, path: string, ask: AskOptions): Promise<Answer> {
  const bytes = ask.bytes ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body))
  const headers: Record<string, string | string[]> = {
    host: doors.host,
    ...(ask.key === undefined ? {} : { authorization: `Bearer ${ask.key}` }),
    ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...ask.headers,
  }
  const where = ask.overSocket ? { socketPath: doors.socketPath } : { host: '127.0.0.1', port: doors.port }
  return new Promise((resolve, reject) => {
    const request = http.request({ ...where, method, path, headers, agent: false }, (response) => {
      // An answer without an end: its head says all that is asked here.
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        resolve({ status: 200, headers: response.headers, text: '', json: undefined, code: '' })
        request.destroy()
        return
      }
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
        const json: unknown = isJson ? JSON.parse(text) : undefined
        const said = json as (Partial<Problem> & Partial<SessionNotGenerated>) | undefined
        const code = (response.statusCode ?? 0) >= 400 ? (said?.code ?? said?.error?.code ?? '') : ''
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json, code })
      })
    })
    request.on('error', reject)
    request.end(bytes)
  })
}

/** What came back on one connection until the other side closed it; an aborted connection is an answer as well. */
export function exchangeBytes(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

/** The statuses of all answers in what a connection brought. */
export function statusesOf(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]))
}
