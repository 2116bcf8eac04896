import { openApp } from '../app/open.ts'
import { socketPath } from '../config/home.ts'
import { loadConfig } from '../config/load.ts'
import { BhorError } from '../core/errors.ts'
import { addressesOf } from '../http/addresses.ts'
import { doors } from '../http/doors.ts'
import { EventStreams } from '../http/event-streams.ts'
import { handlerOf } from '../http/handler.ts'
import { HttpRequest } from '../http/request.ts'
import { signInsOf } from '../http/returns.ts'
import { WrongKeys } from '../http/wrong-keys.ts'
import { askPassphrase } from './ask.ts'
import { runningServer } from './connect.ts'
import { dashboardFolder } from './dashboard-folder.ts'
import { sayNewKey } from './new-key.ts'
import { simulatorSandbox } from './sandbox.ts'
import { terminal } from './terminal.ts'
import { type ApiClient, readReply } from './wire.ts'

/**
 * The desk for one command: the running server, or, where none runs, a whole bhor in this process for as long as the
 * command lasts. `isListening` also opens the desk's port, which a login needs for the broker's redirect.
 */
export async function openDesk(options: { readonly isListening?: boolean } = {}): Promise<ApiClient> {
  const server = await runningServer()
  if (server) return server
  const config = loadConfig()
  await using opening = new AsyncDisposableStack()
  const sandbox = opening.use(simulatorSandbox(config.simulatorPort, terminal.say))
  const app = opening.use(
    await openApp({
      config,
      sandbox: (modules) => sandbox.over(modules),
      ...(terminal.canAsk ? { askPassphrase } : {}),
    }),
  )
  sayNewKey(app)
  if (options.isListening) {
    const { serveDesk } = await import('../http/server.ts')
    opening.use(await serveDesk({ app, dashboardFolder, socketPath: socketPath(config.home) }))
  }
  const door = doors.socket
  const addresses = addressesOf(app)
  const streams = new EventStreams(app.clock)
  const answer = handlerOf(door, {
    app,
    ...signInsOf(app, addresses),
    addresses,
    streams,
    wrongKeys: new WrongKeys(app),
  })
  const parts = opening.move()
  return {
    where: 'here',
    async request(method, target, body) {
      const rawHeaders = body === undefined ? [] : ['content-type', 'application/json']
      const text = body === undefined ? '' : JSON.stringify(body)
      const reply = await answer(new HttpRequest(door, { method, url: target, rawHeaders }, text))
      return readReply({ status: reply.status, text: String(reply.body ?? '') })
    },
    stream() {
      throw new BhorError('server_unreachable', 'Without a server there is nothing to follow.')
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
