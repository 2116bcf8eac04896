import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { openApp } from '../../app/open.ts'
import { ownCommand } from '../../config/environment.ts'
import { socketPath } from '../../config/home.ts'
import { loadConfig } from '../../config/load.ts'
import { type AccountView, isLive } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { serveDesk } from '../../http/server.ts'
import { call } from '../call.ts'
import { socketClient } from '../connect.ts'
import { dashboardFolder } from '../dashboard-folder.ts'
import { type SimulatorSandbox, simulatorSandbox } from '../sandbox.ts'
import { terminal } from '../terminal.ts'
import { istText } from '../texts.ts'
import { untilTold } from '../until-told.ts'
import { type ApiClient, exchange } from '../wire.ts'

const account = 'demo'

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Look around: a desk and a sandbox account that is live, in a folder that is thrown away at the end. No broker, no money.',
    )
    .action(async () => {
      using home = temporaryHome()
      // Nothing of this computer's own bhor counts: neither its variables nor its ports.
      const config = loadConfig({ env: {}, flags: { home: home.folder, port: 0, simulator_port: 0 } })
      await using running = new AsyncDisposableStack()
      const sandbox = running.use(simulatorSandbox(config.simulatorPort, terminal.say))
      const app = running.use(await openApp({ config, sandbox: (modules) => sandbox.over(modules) }))
      const path = socketPath(config.home)
      const desk = running.use(await serveDesk({ app, dashboardFolder, socketPath: path }))
      const told = untilTold()
      const server = socketClient(path)
      const view = await liveAccount(server, sandbox)
      const until = view.session ? ` until ${istText(view.session.expiresAt)} IST` : ''
      terminal.say(`The desk is up at ${desk.origin}; the account ${account} is live${until}.`)
      terminal.say(`In another terminal:\n\n  BHOR_HOME=${config.home} ${ownCommand()} token ${account}\n`)
      if (terminal.isSeen) {
        const { url } = await call(server, 'POST /v1/desk/link', { body: {} })
        terminal.sayLink(`The page:\n\n  ${url}\n`)
      }
      terminal.say(terminal.dim('Ctrl-C ends it and throws all of it away.'))
      await told
      app.desk.context.health.stopping()
    })
}

function temporaryHome(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-demo-'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A sandbox account, and what its person would do at the broker's page. */
async function liveAccount(server: ApiClient, sandbox: SimulatorSandbox): Promise<AccountView> {
  const [broker] = await call(server, 'GET /v1/brokers')
  const params = { account }
  await call(server, 'POST /v1/accounts', { body: { account, broker: broker!.id, kind: 'sandbox' } })
  const { url } = await call(server, 'POST /v1/accounts/{account}/login', { params, body: { via: 'cli' } })
  const end = new URL((await sandbox.logIn(broker!.id, url ?? '')) ?? '')
  const page = await exchange(
    { host: end.hostname, port: Number(end.port) },
    'GET',
    end.pathname + end.search,
  )
  const view = await call(server, 'GET /v1/accounts/{account}', { params })
  if (!isLive(view))
    throw new BhorError('internal', `The demo account could not be logged in (HTTP ${page.status}).`)
  return view
}
