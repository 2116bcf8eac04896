import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readCertificate } from '../app/certificate.ts'
import { openFilesLimit } from '../app/limits.ts'
import type { App } from '../app/open.ts'
import type { AuditAction } from '../contracts/audit.ts'
import { bearerOf } from './access.ts'
import { addressesOf } from './addresses.ts'
import type { ApiParts } from './answer.ts'
import { watchCertificate } from './certificate-watch.ts'
import { type DoorName, doors } from './doors.ts'
import { EventStreams } from './event-streams.ts'
import { type GuardedServer, type GuardOptions, guardedServer } from './guarded-server.ts'
import { handlerOf } from './handler.ts'
import { listenOnLoopback, listenOnPort, listenOnSocket } from './listen.ts'
import type { DeskParts } from './parts.ts'
import { PorchAddresses } from './porch-addresses.ts'
import { signInsOf } from './returns.ts'
import type { SignIns } from './sign-ins.ts'
import { WrongKeys } from './wrong-keys.ts'

const endsSignIns: ReadonlySet<AuditAction> = new Set(['desk.revoke', 'desk.sign_out'])

/** Connections on which nobody has shown who he is. Browsers and programs open a handful, and show it at once. */
const mostStrangers = 1024
/** Connections from outside: a household has a few phones, and brokers post seldom. */
const mostOutside = 128

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
  /** Where the porch is reached from outside; undefined without one. */
  readonly porch: string | undefined
}

/** Opens the desk's doors. @throws BhorError `port_in_use`, `config_invalid`, `store_foreign` */
export async function serveDesk(options: ServeOptions): Promise<DeskServer> {
  const { app, socketPath } = options
  const { config } = app
  const addresses = addressesOf(app)
  const pages = signInsOf(app, addresses)
  const { signIns } = pages
  const streams = new EventStreams(app.clock)
  const parts = { ...options, ...pages, addresses, streams, wrongKeys: new WrongKeys(app) }
  await using opening = new AsyncDisposableStack()
  const { open } = opening.use(doorsOf(parts))
  const certificate = config.porch?.tls && readCertificate(config.porch.tls)
  await open('desk', async (server) => {
    const { host, port } = config
    await listenOnLoopback(server, port, host)
    const name = host.includes(':') ? `[${host}]` : host
    addresses.listenAt(`${name}:${(server.address() as AddressInfo).port}`)
    opening.use(app.opened('desk', `http://${addresses.plain}`))
  })
  if (socketPath !== undefined) await open('socket', (server) => listenOnSocket(server, socketPath))
  const { porch } = config
  if (porch) {
    const own = new PorchAddresses(app)
    const listen = async (server: Server) => {
      await listenOnPort(
        server,
        porch.port,
        porch.host,
        'Set porch.host to an address that this computer has.',
      )
      const { port } = server.address() as AddressInfo
      opening.use(app.opened('porch', own.listenAt(porch.host, port)))
    }
    const door = await open('porch', listen, { own, certificate, mostStrangers: mostOutside })
    if (porch.tls)
      opening.use(watchCertificate(app, porch.tls, (next) => door.useCertificate(next), options.log))
  }
  opening.use(streams)
  const { browsers, context } = app.desk
  opening.use(
    context.feed.subscribe((events) => {
      if (events.length === 0 || events.some(({ action }) => endsSignIns.has(action))) streams.recheck()
    }),
  )
  // Without a key nobody comes back to this run.
  await browsers
    .tidy(({ host }) => addresses.isOwn(host))
    .catch((err: unknown) => {
      options.log?.('warn', 'Old sign-ins of the page could not be removed.', { err })
    })
  endWaiting(opening, app)
  const all = opening.move()
  const { url: outside } = app.desk.context.porch?.() ?? {}
  return { origin: app.origin, signIns, porch: outside, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/**
 * Opens only the Unix socket, for other programs of the same user: what a program does that has the data folder to itself.
 *
 * @throws BhorError `port_in_use`, `config_invalid`, `store_foreign`
 */
export async function serveSocket({
  app,
  socketPath,
}: Required<Pick<ServeOptions, 'app' | 'socketPath'>>): Promise<AsyncDisposable> {
  const addresses = addressesOf(app)
  const streams = new EventStreams(app.clock)
  await using opening = new AsyncDisposableStack()
  const parts = { app, ...signInsOf(app, addresses), addresses, streams, wrongKeys: new WrongKeys(app) }
  const { open } = opening.use(doorsOf(parts))
  await open('socket', (server) => listenOnSocket(server, socketPath))
  opening.use(streams)
  endWaiting(opening, app)
  return opening.move()
}

/** Who waits for news gets an answer, so that nobody holds up the end. */
function endWaiting(opening: AsyncDisposableStack, app: App): void {
  opening.defer(() => app.desk.context.feed.stir())
}

interface OpenDoors extends AsyncDisposable {
  open(
    name: DoorName,
    listen: (server: Server) => Promise<void>,
    special?: Partial<Pick<GuardOptions, 'own' | 'certificate' | 'mostStrangers'>>,
  ): Promise<GuardedServer>
}

/** Doors that are closed together: each waits for what is under way. */
function doorsOf(parts: DeskParts): OpenDoors {
  const { app, addresses } = parts
  const servers: GuardedServer[] = []
  return {
    async open(name, listen, special = {}) {
      const door = doors[name]
      const guarded = guardedServer({
        door,
        random: app.random,
        clock: app.clock,
        own: addresses,
        known: (request) => app.desk.keys.known(bearerOf(request) ?? '')?.actor,
        everybody: door.admits === 'operator' ? app.operator.actor : undefined,
        mostStrangers: Math.min(mostStrangers, Math.floor(openFilesLimit() / 4)),
        answer: handlerOf(door, parts),
        ...special,
      })
      await listen(guarded.server)
      servers.push(guarded)
      return guarded
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}
