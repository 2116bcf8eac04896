import { Command } from 'commander'
import { recordConfig } from '../../app/config-record.ts'
import { type App, openApp } from '../../app/open.ts'
import { version } from '../../app/version.ts'
import { environmentWarnings, refuseUnsafeEnvironment } from '../../config/environment.ts'
import { socketPath } from '../../config/home.ts'
import { loadConfig } from '../../config/load.ts'
import { toBhorError } from '../../core/errors.ts'
import { signInUrl } from '../../http/routes/sign-in.ts'
import { type DeskServer, serveDesk } from '../../http/server.ts'
import { askPassphrase } from '../ask.ts'
import { dashboardFolder } from '../dashboard-folder.ts'
import { buildLog } from '../log.ts'
import { sayNewKey } from '../new-key.ts'
import { simulatorSandbox } from '../sandbox.ts'
import { terminal } from '../terminal.ts'
import { releaseYoungHeap } from '../young-heap.ts'

export function serveCommand(): Command {
  return new Command('serve')
    .description('Run the desk: dashboard, API and callbacks, on this computer only.')
    .option('--port <n>', 'the desk’s port; left out: 7878')
    .action(async (options: { port?: string }) => {
      refuseUnsafeEnvironment()
      closeSideDoors()
      const config = loadConfig({ flags: options.port === undefined ? {} : { port: options.port } })
      const log = await buildLog(config.logLevel)
      for (const warning of environmentWarnings()) log('warn', warning)
      await using running = new AsyncDisposableStack()
      const sandbox = running.use(simulatorSandbox(config.simulatorPort, terminal.say))
      const app = running.use(
        await openApp({
          config,
          sandbox: (modules) => sandbox.over(modules),
          log,
          ...(terminal.canAsk ? { askPassphrase } : {}),
        }),
      )
      const desk = running.use(
        await serveDesk({ app, dashboardFolder, socketPath: socketPath(config.home), log }),
      )
      await app.record({ kind: 'operator', id: '' }, 'server.start', { version })
      await recordConfig(app)
      running.defer(() => app.record({ kind: 'operator', id: '' }, 'server.stop'))
      sayNewKey(app)
      await wakeSandbox(app).catch((error: unknown) => {
        // The live accounts must not go down with it; a sandbox login tries again.
        log('warn', `Sandbox accounts do not work: ${toBhorError(error).message} ${toBhorError(error).hint}`)
      })
      terminal.say(`${terminal.bold('भोर bhor')} ${version} is up at ${desk.origin}`)
      sayHowToSignIn(app, desk)
      releaseYoungHeap()
      const signal = await untilTold()
      log('info', `Stopping (${signal}).`)
    })
}

/** A link that opens the desk belongs on a screen, not into a log that others may read. */
function sayHowToSignIn(app: App, desk: DeskServer): void {
  if (!terminal.isSeen) {
    terminal.say('For a sign-in link to the page: bhor desk')
    return
  }
  const { token } = desk.signIns.newLink()
  terminal.sayLink(`\n  Sign in:  ${terminal.bold(signInUrl(app, token))}\n`)
  terminal.say(terminal.dim('The link works once and for 10 minutes; another one: bhor desk. Ctrl-C stops.'))
}

/** A sandbox session of an earlier run is only alive while its simulator knows it. */
async function wakeSandbox(app: App): Promise<void> {
  const { context } = app.desk
  const account = (await context.store.accounts.list()).records.find(({ kind }) => kind === 'sandbox')
  if (account) await context.hosts(await context.broker(account.broker), account)
}

/** What Node offers to anyone who can signal the process: its debugger, and reports with the whole environment. */
function closeSideDoors(): void {
  process.on('SIGUSR1', () => {})
  if (process.report) process.report.excludeEnv = true
}

function untilTold(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal))
  })
}
