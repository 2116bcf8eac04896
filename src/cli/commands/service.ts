import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { type Config, loadConfig } from '../../config/load.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { runningServer } from '../connect.ts'
import {
  descriptionOf,
  install,
  isAsWritten,
  managerHere,
  remove,
  requireInstalled,
  type ServiceManager,
  type ServiceState,
} from '../service/manager.ts'
import { type ServicePlan, servicePlan } from '../service/plan.ts'
import { ran } from '../service/program.ts'
import { systemHome } from '../service/systemd-unit.ts'
import { terminal } from '../terminal.ts'

const userHint = `Name one that there is: --user bhor. It is made by: useradd --system --home-dir ${systemHome} --shell /usr/sbin/nologin bhor.`

interface SystemOption {
  system?: boolean
}

interface InstallOptions extends SystemOption {
  user?: string
  masterKeyFile?: string
  passphraseFile?: string
  encrypted?: boolean
  print?: boolean
  force?: boolean
}

const ofTheSystem = ['--system', 'the service of the whole system, not your own; takes root'] as const

export function serviceCommand(): Command {
  const service = new Command('service').description(
    'bhor serve in the background, started with the system: systemd on Linux, launchd on a Mac.',
  )
  service
    .command('install')
    .description('Write the service down, start it, and have it started from now on.')
    .option(...ofTheSystem)
    .option('--user <name>', 'with --system: the user whose processes they are')
    .option(
      '--master-key-file <file>',
      'the service gets the master key from this file, not from the data folder',
    )
    .option('--passphrase-file <file>', 'the service gets the passphrase of its vault from this file')
    .option('--encrypted', 'these files were written by systemd-creds encrypt')
    .option('--print', 'only print what would be written')
    .option('--force', 'also over a service that was changed by hand; it is kept beside as .before')
    .action(async (options: InstallOptions) => {
      const manager = managerHere(options.system === true)
      const plan = planOf(options)
      if (options.print) return terminal.data(descriptionOf(manager, plan))
      if (options.system) refuseUnknownUser(plan.user ?? '')
      else await refuseOther(manager)
      install(manager, plan, options.force === true)
      terminal.say(`bhor runs in the background now, from ${printable(manager.file, 400)}.`)
      for (const note of [...manager.notes(), ...unheard()]) terminal.say(note)
      terminal.say('How it stands: bhor service status. What it says: bhor service logs.')
    })
  service
    .command('remove')
    .description('End the service and take it away. What bhor has stored stays.')
    .option(...ofTheSystem)
    .option('--force', 'also one that was changed by hand; it is kept beside as .before')
    .action(({ system, force }: SystemOption & { force?: boolean }) => {
      remove(managerHere(system === true), force === true)
      terminal.say('The service is removed. What bhor has stored is still there.')
    })
  service
    .command('status')
    .description('Whether the service runs. Exit code 1 when it does not.')
    .option(...ofTheSystem)
    .option('--json', 'print JSON')
    .action(async ({ system, json }: SystemOption & { json?: boolean }) => {
      const manager = managerHere(system === true)
      requireInstalled(manager)
      const state = manager.state()
      const view = {
        manager: manager.name,
        file: manager.file,
        ...state,
        isChangedByHand: !isAsWritten(manager),
        // That of another user is not asked.
        deskAnswers: system ? null : await answers(),
      }
      if (json) terminal.json(view)
      else terminal.data(linesOf(view))
      if (state.state !== 'running') process.exitCode = 1
    })
  service
    .command('logs')
    .description('What the service has written.')
    .option(...ofTheSystem)
    .option('--lines <n>', 'how many, from the end', '50')
    .option('--follow', 'stay, and show what comes, until Ctrl-C')
    .action(async ({ system, lines, follow }: SystemOption & { lines: string; follow?: boolean }) => {
      if (!/^\d{1,6}$/.test(lines)) throw new BhorError('usage', '--lines must be a whole number.')
      process.exitCode = await managerHere(system === true).log(Number(lines), follow === true)
    })
  return service
}

function planOf({ system, user, masterKeyFile, passphraseFile, encrypted }: InstallOptions): ServicePlan {
  if (!system && user !== undefined)
    throw new BhorError('usage', '--user belongs to --system: your own service is yours.')
  if (system && !/^[a-z_][a-z0-9_-]{0,31}$/i.test(user ?? ''))
    throw new BhorError('usage', 'A service of the system needs a user to run as.', {
      hint: userHint,
    })
  if (encrypted && masterKeyFile === undefined && passphraseFile === undefined)
    throw new BhorError('usage', '--encrypted belongs to --master-key-file or --passphrase-file.')
  const plan = servicePlan(configOf(system === true), {
    user: system ? user : undefined,
    masterKeyFile: found(masterKeyFile),
    passphraseFile: found(passphraseFile),
    isEncrypted: encrypted === true,
  })
  // A line end in a path would begin another setting.
  if ([...plan.command, plan.home, ...plan.writable].some((path) => hasControls(path)))
    throw new BhorError('usage', 'A path of this bhor holds a control character.', {
      hint: 'Install bhor in a folder with a plain name.',
    })
  return plan
}

/** The service hears of the data folder and of what stands in it, of no other variable of this terminal. */
function configOf(isOfTheSystem: boolean): Config {
  const here = loadConfig()
  const isNamed = here.explained.some(({ name, source }) => name === 'home' && source === 'environment')
  return loadConfig({ env: { BHOR_HOME: isOfTheSystem && !isNamed ? systemHome : here.home } })
}

/** What is set at this terminal and would be missed. */
function unheard(): string[] {
  const { explained, home } = loadConfig()
  return explained
    .filter(({ name, source }) => source === 'environment' && name !== 'home' && name !== 'node')
    .map(({ name, env }) => `The service does not hear of ${env}: write ${name} into ${home}/config.toml.`)
}

function found(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const path = resolve(file)
  if (hasControls(path) || !existsSync(path))
    throw new BhorError('usage', `There is no file ${printable(path, 400)}.`)
  return path
}

function refuseUnknownUser(name: string): void {
  if (ran('id', ['-u', name]).code === 0) return
  throw new BhorError('usage', `This computer has no user ${printable(name, 40)}.`, { hint: userHint })
}

/** Two of them cannot share a data folder. */
async function refuseOther(manager: ServiceManager): Promise<void> {
  const isOurs = existsSync(manager.file) && manager.state().state === 'running'
  if (isOurs || !(await answers())) return
  throw new BhorError('store_locked', 'A bhor serves this data folder already, and it is no service.', {
    hint: 'Stop it, then install the service.',
  })
}

async function answers(): Promise<boolean> {
  const server = await runningServer().catch(() => undefined)
  return server?.where === 'socket'
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text)
}

function linesOf(
  view: ServiceState & { file: string; isChangedByHand: boolean; deskAnswers: boolean | null },
): string {
  const { state, pid, restarts, startsWithTheSystem, file, isChangedByHand, deskAnswers } = view
  const rows: [string, string | undefined][] = [
    ['state', `${state}${pid === null ? '' : `, process ${pid}`}`],
    ['restarts', restarts === null ? undefined : String(restarts)],
    ['starts with the system', startsWithTheSystem ? 'yes' : 'no'],
    ['written in', `${file}${isChangedByHand ? ' (changed by hand)' : ''}`],
    ['the desk', deskAnswers === null ? undefined : deskAnswers ? 'answers' : 'does not answer'],
  ]
  return rows
    .flatMap(([name, value]) => (value === undefined ? [] : [`${`${name}:`.padEnd(25)}${value}`]))
    .join('\n')
}
