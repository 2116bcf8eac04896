import type { AddressInfo } from 'node:net'
import type { App } from '../app/open.ts'
import { buildApi } from './api.ts'
import { handleCallback } from './callback.ts'
import { dashboardFiles } from './dashboard.ts'
import { DeskSessions } from './desk-sessions.ts'
import { directAnswers } from './direct.ts'
import type { Admitted, Door } from './gate.ts'
import { guardedServer, type Handler } from './guard.ts'
import { closeServer, listenOnPort, listenOnSocket } from './listen.ts'
import { loginAsset } from './pages.ts'
import { WrongKeys } from './wrong-keys.ts'

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

/** Opens the desk's two doors. @throws BhorError `port_in_use`, `config_invalid`, `store_foreign` */
export async function serveDesk(options: ServeOptions): Promise<DeskServer> {
  const { app } = options
  const sessions = new DeskSessions(app.clock, app.random)
  const parts = { app, sessions, wrongKeys: new WrongKeys(app), ...(options.log ? { log: options.log } : {}) }
  const api = buildApi(parts)
  const directly = directAnswers(parts)
  const files = dashboardFiles(options.dashboardFolder)
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
  let own: readonly string[] = []
  const open = (door: Door) => {
    const adapted = adaptedTo(handle(door))
    const handlerOf = (admitted: Admitted) => directly(admitted) ?? adapted
    return guardedServer({ door, own: () => own, random: app.random, handlerOf })
  }
  await using opening = new AsyncDisposableStack()
  const desk = open('desk')
  await listenOnPort(desk, app.config.port, app.config.host)
  opening.adopt(desk, closeServer)
  const { port } = desk.address() as AddressInfo
  const host = app.config.host.includes(':') ? `[${app.config.host}]` : app.config.host
  own = [`${host}:${port}`]
  app.setOrigin(`http://${host}:${port}`)
  if (options.socketPath !== undefined) {
    const socket = open('socket')
    await listenOnSocket(socket, options.socketPath)
    opening.adopt(socket, closeServer)
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

/** The adapter to `Request` and `Response` brings Node's fetch with it: loaded when the first request needs it. */
function adaptedTo(handle: (request: Request) => Response | Promise<Response>): Handler {
  let adapted: Promise<Handler> | undefined
  const adapt = async (): Promise<Handler> => {
    const { getRequestListener } = await import('@hono/node-server')
    const listener = getRequestListener(handle, { overrideGlobalObjects: false })
    return (request, response) => void listener(request, response)
  }
  return (request, response) => {
    adapted ??= adapt()
    void adapted.then((listener) => listener(request, response))
  }
}
