import { chmodSync, rmSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { App } from '../app/open.ts'
import { systemClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { buildApi } from './api.ts'
import { handleCallback } from './callback.ts'
import { dashboardFiles } from './dashboard.ts'
import { DeskSessions } from './desk-sessions.ts'
import { type Door, type Refusal, refusalOf } from './gate.ts'
import { loginAsset } from './pages.ts'
import { problemOf, securityHeaders } from './problem.ts'

/** How long requests may take to finish when the desk closes. */
const finishWithinMs = 4_000

const { createServer } = process.getBuiltinModule('node:http')

export interface ServeOptions {
  readonly app: App
  /** Where the built dashboard is. */
  readonly dashboardFolder: string
  /** The Unix socket for the command line of the same user; none when left out. */
  readonly socketPath?: string
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    text: string,
    facts?: Readonly<Record<string, unknown>>,
  ) => void
}

export interface DeskServer extends AsyncDisposable {
  /** `http://127.0.0.1:7878` */
  readonly origin: string
  readonly sessions: DeskSessions
}

/** Opens the desk's two doors. @throws BhorError `port_in_use` */
export async function serveDesk(options: ServeOptions): Promise<DeskServer> {
  const { app } = options
  const sessions = new DeskSessions(app.clock, app.random)
  const api = buildApi({ app, sessions, ...(options.log ? { log: options.log } : {}) })
  const files = dashboardFiles(options.dashboardFolder)
  api.get('/healthz', () => Response.json({ status: 'ok' }, { headers: securityHeaders }))
  api.get('/readyz', async () => {
    await app.store.check()
    return Response.json({ status: 'ok' }, { headers: securityHeaders })
  })
  const handle =
    (door: Door) =>
    (request: Request): Response | Promise<Response> => {
      const { pathname } = new URL(request.url)
      if (door === 'desk') {
        const asset = request.method === 'GET' ? (loginAsset(pathname) ?? files(pathname)) : undefined
        if (asset) return asset
        const [, broker] = /^\/callback\/([a-z0-9-]{1,32})$/.exec(pathname) ?? []
        if (broker !== undefined) return handleCallback(app, broker, request)
      }
      return api.fetch(request, { door })
    }
  await using opening = new AsyncDisposableStack()
  const desk = opening.adopt(
    guarded('desk', handle, () => own, app),
    closeServer,
  )
  let own: readonly string[] = []
  await listen(desk, { port: app.config.port, host: app.config.host })
  const { port } = desk.address() as AddressInfo
  const host = app.config.host.includes(':') ? `[${app.config.host}]` : app.config.host
  own = [`${host}:${port}`]
  app.setOrigin(`http://${host}:${port}`)
  if (options.socketPath !== undefined) {
    const socket = opening.adopt(
      guarded('socket', handle, () => own, app),
      closeServer,
    )
    // The store's lock has just proven that no other bhor of this folder runs: an old socket is a leftover.
    rmSync(options.socketPath, { force: true })
    await listen(socket, { path: options.socketPath })
    chmodSync(options.socketPath, 0o600)
  }
  const servers = opening.move()
  return {
    origin: app.origin,
    sessions,
    async [Symbol.asyncDispose]() {
      // Pages that wait for news get an answer, so that they do not hold up the end.
      app.desk.context.changes.announce()
      await servers.disposeAsync()
    },
  }
}

/** A server whose every event passes the gate: Node delivers upgrades, CONNECT and Expect past the request handler. */
function guarded(
  door: Door,
  handle: (door: Door) => (request: Request) => Response | Promise<Response>,
  own: () => readonly string[],
  app: App,
): Server {
  const listener = getRequestListener(handle(door), { overrideGlobalObjects: false })
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const refusal = knock(request, door, own())
    if (refusal) return refuse(response, refusal, app)
    void listener(request, response)
  }
  const server = createServer(
    { maxHeaderSize: 16 * 1024, requireHostHeader: door === 'desk', keepAliveTimeout: 30_000 },
    onRequest,
  )
  server.headersTimeout = 10_000
  server.requestTimeout = 20_000
  server.maxHeadersCount = 64
  server.maxConnections = 1024
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  const drop = (request: IncomingMessage, socket: Duplex) => {
    const refusal = knock(request, door, own()) ?? {
      code: 'method_not_allowed',
      detail: 'Nothing here speaks another protocol.',
    }
    const error = errorOf(refusal)
    socket.end(`HTTP/1.1 ${error.httpStatus} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  }
  server.on('upgrade', drop)
  server.on('connect', drop)
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    else socket.destroy()
  })
  return server
}

function knock(request: IncomingMessage, door: Door, own: readonly string[]): Refusal | undefined {
  return refusalOf(
    { method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders },
    door,
    own,
  )
}

function errorOf(refusal: Refusal): BhorError {
  return new BhorError(refusal.code, refusal.detail, refusal.hint === undefined ? {} : { hint: refusal.hint })
}

function refuse(response: ServerResponse, refusal: Refusal, app: App): void {
  const error = errorOf(refusal)
  const body = JSON.stringify(problemOf(error, newId('req', app.random)))
  const closing = refusal.closes ? { connection: 'close' } : {}
  response.writeHead(error.httpStatus, {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    ...closing,
  })
  response.end(body)
}

function listen(server: Server, where: { port: number; host: string } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        const what = 'port' in where ? `Port ${where.port}` : 'The socket'
        reject(new BhorError('port_in_use', `${what} is in use by another program.`, { cause: error }))
      } else reject(error)
    })
    server.listen(where, () => resolve())
  })
}

/** No new requests; those under way may finish. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const limit = systemClock.after(finishWithinMs, () => server.closeAllConnections())
    server.close(() => {
      limit[Symbol.dispose]()
      resolve()
    })
    server.closeIdleConnections()
  })
}
