import { Command } from 'commander'
import { recordConfig } from '../../app/config-record.ts'
import { tellLocked } from '../../app/locked-notice.ts'
import { type App, openApp } from '../../app/open.ts'
import { version } from '../../app/version.ts'
import { environmentWarnings } from '../../config/environment.ts'
import { socketPath } from '../../config/home.ts'
import { loadConfig } from '../../config/load.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { ShiftedClock } from '../../core/shifted-clock.ts'
import { LockedDoor } from '../../http/locked-door.ts'
import { signInUrl } from '../../http/routes/sign-in.ts'
import { type DeskServer, serveDesk } from '../../http/server.ts'
import { askPassphrase } from '../ask.ts'
import { dashboardFolder } from '../dashboard-folder.ts'
import { buildLog } from '../log.ts'
import { sayNewKey } from '../new-key.ts'
import { simulatorSandbox } from '../sandbox.ts'
import { terminal } from '../terminal.ts'
import { endsWithParent, untilTold } from '../until-told.ts'
import { releaseYoungHeap } from '../young-heap.ts'
import { plainAddressHint } from './desk.ts'

/** What a process has by itself, and whoever starts one for a test gives it. */
export interface ServeMeans {
  /** The machine's when left out; also that of the leases and of the simulator. */
  readonly clock?: Clock
  /** Gets bhor as soon as its doors are open. */
  opened?(app: App): void
}

export function serveCommand(means: ServeMeans = {}): Command {
  return new Command('serve')
    .description('Run the desk: dashboard, API and callbacks, on this computer only.')
    .option('--port <n>', 'the desk’s port; left out: 7878')
    .option(
      '--movable-clock',
      'to try things out: its time is the simulator’s, which can be set on; for sandbox accounts only',
    )
    .action(async (options: { port?: string; movableClock?: boolean }) => {
      const { clock = systemClock } = means
      closeSideDoors()
      using alone = endsWithParent()
      const config = loadConfig({ flags: options.port === undefined ? {} : { port: options.port } })
      const log = await buildLog(config.logLevel)
      for (const warning of environmentWarnings()) log('warn', warning)
      await using running = new AsyncDisposableStack()
      const movableClock = options.movableClock ? new ShiftedClock(clock) : undefined
      const sandbox = running.use(simulatorSandbox(config.simulatorPort, terminal.say, movableClock ?? clock))
      const app = running.use(
        await unlocked(
          socketPath(config.home),
          () => tellLocked(config, clock, log),
          (ask) =>
            openApp({
              config,
              clock,
              ...(means.clock ? { leaseClock: means.clock } : {}),
              sandbox: (modules) => sandbox.over(modules),
              log,
              askPassphrase: ask,
              ...(movableClock ? { movableClock } : {}),
            }),
        ),
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
      const told = untilTold()
      means.opened?.(app)
      alone[Symbol.dispose]()
      terminal.say(`${terminal.bold('भोर bhor')} ${version} is up at ${desk.origin}`)
      if (desk.porch !== undefined) terminal.say(`The porch is open at ${desk.porch}`)
      sayHowToSignIn(desk)
      releaseYoungHeap()
      log('info', `Stopping (${await told}).`)
      app.desk.context.health.stopping()
    })
}

/**
 * Opens bhor. Where its vault needs a passphrase and nobody is at the terminal, as after a reboot at night, it waits for
 * `bhor unlock`, and for the next one after a slip.
 */
async function unlocked(
  path: string,
  tell: () => Disposable,
  open: (ask: (isNew: boolean) => Promise<string>) => Promise<App>,
): Promise<App> {
  if (terminal.canAsk) return open(askPassphrase)
  await using door = new LockedDoor(path)
  using waiting = new DisposableStack()
  let isTold = false
  const ask = async (isNew: boolean) => {
    // One that is given once could have a slip in it, and then nobody could open the vault again.
    if (isNew)
      throw new BhorError(
        'needs_terminal',
        'The vault’s passphrase must be chosen, but there is no terminal.',
        {
          hint: 'Set BHOR_PASSPHRASE_FILE, or start bhor once at a terminal.',
        },
      )
    terminal.say('bhor waits for the passphrase of its vault: bhor unlock.')
    if (!isTold) waiting.use(tell())
    isTold = true
    return door.passphrase()
  }
  for (;;) {
    try {
      const app = await open(ask)
      door.settle()
      return app
    } catch (cause) {
      const error = toBhorError(cause)
      const isSlip = door.isTrying && error.code === 'key_wrong'
      door.settle(isSlip ? wrongPassphrase(error) : error)
      if (!isSlip) throw cause
    }
  }
}

function wrongPassphrase(cause: BhorError): BhorError {
  return new BhorError('key_wrong', 'That is not the passphrase of this vault.', {
    hint: 'Try again: bhor unlock. bhor goes on waiting.',
    cause,
  })
}

/** A link that opens the desk belongs on a screen, not into a log that others may read. */
function sayHowToSignIn(desk: DeskServer): void {
  if (!terminal.isSeen) {
    terminal.say('For a sign-in link to the page: bhor desk')
    return
  }
  terminal.sayLink(`\n  Sign in:  ${terminal.bold(signInUrl(desk.signIns.newLink()))}\n`)
  terminal.say(terminal.dim('The link works once and for 10 minutes; another one: bhor desk. Ctrl-C stops.'))
  terminal.say(terminal.dim(plainAddressHint))
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
