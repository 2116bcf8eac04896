import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from '../app/open.ts'
import type { ApiParts } from './answer.ts'
import { type DoorName, doors } from './doors.ts'
import { guardedServer } from './guarded-server.ts'
import { handlerOf } from './handler.ts'
import { closeServer, listenOnPort, listenOnSocket } from './listen.ts'
import { send } from './reply.ts'
import { SignIns } from './sign-ins.ts'
import { WrongKeys } from './wrong-keys.ts'

export interface ServeOptions {
  readonly app: App
  /** Where the built dashboard is. */
  readonly dashboardFolder: string
  /** The Unix socket for the command line of the same user; none when left out. */
  readonly socketPath?: string
  readonly log?: NonNullable<ApiParts['log']>
}

export interface DeskServer extends AsyncDisposable {
  /** `http://127.0.0.1:7878` */
  readonly origin: string
  readonly signIns: SignIns
}

/** Opens the desk's doors. @throws BhorError `port_in_use`, `config_invalid`, `store_foreign` */
export async function serveDesk(options: ServeOptions): Promise<DeskServer> {
  const { app, socketPath } = options
  const signIns = new SignIns(app.clock, app.random)
  const parts = { ...options, signIns, wrongKeys: new WrongKeys(app) }
  await using opening = new AsyncDisposableStack()
  const open = async (name: DoorName, listen: (server: Server) => Promise<string | undefined>) => {
    const door = doors[name]
    const answer = handlerOf(door, parts)
    let host: string | undefined
    const server = guardedServer({
      door,
      random: app.random,
      own: () => (host === undefined ? [] : [host]),
      handle: (request, response) => void answer(request).then((reply) => send(response, reply)),
    })
    host = await listen(server)
    opening.adopt(server, closeServer)
    if (host !== undefined) opening.use(app.opened(name, `http://${host}`))
  }
  await open('desk', async (server) => {
    const { host, port } = app.config
    await listenOnPort(server, port, host)
    return `${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  })
  if (socketPath !== undefined)
    await open('socket', async (server) => {
      await listenOnSocket(server, socketPath)
      return undefined
    })
  // Pages that wait for news get an answer, so that they do not hold up the end.
  opening.defer(() => app.desk.context.feed.stir())
  const servers = opening.move()
  return { origin: app.origin, signIns, [Symbol.asyncDispose]: () => servers.disposeAsync() }
}
