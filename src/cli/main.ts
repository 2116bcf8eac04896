import { Command, CommanderError } from 'commander'
import { version } from '../app/version.ts'
import { isColourWanted } from '../config/home.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { accountsCommand } from './commands/accounts.ts'
import { alertsCommand } from './commands/alerts.ts'
import { auditCommand } from './commands/audit.ts'
import { backupCommand } from './commands/backup.ts'
import { calendarCommand } from './commands/calendar.ts'
import { completionCommand } from './commands/completion.ts'
import { configCommand } from './commands/config.ts'
import { demoCommand } from './commands/demo.ts'
import { deskCommand } from './commands/desk.ts'
import { doctorCommand } from './commands/doctor.ts'
import { egressCommand } from './commands/egress.ts'
import { helpCommand } from './commands/help.ts'
import { keysCommand } from './commands/keys.ts'
import { killCommand } from './commands/kill.ts'
import { leanCommand } from './commands/lean.ts'
import { loginCommand } from './commands/login.ts'
import { logoutCommand } from './commands/logout.ts'
import { mirrorsCommand } from './commands/mirrors.ts'
import { pauseCommand } from './commands/pause.ts'
import { portfolioCommand } from './commands/portfolio.ts'
import { renewCommand } from './commands/renew.ts'
import { restoreCommand } from './commands/restore.ts'
import { resumeCommand } from './commands/resume.ts'
import { rollCallCommand } from './commands/roll-call.ts'
import { sealCommand, unsealCommand } from './commands/seal.ts'
import { serveCommand } from './commands/serve.ts'
import { serviceCommand } from './commands/service.ts'
import { simulatorCommand } from './commands/simulator.ts'
import { statusCommand } from './commands/status.ts'
import { testCommand } from './commands/test.ts'
import { unlockCommand } from './commands/unlock.ts'
import { vaultCommand } from './commands/vault.ts'
import { showExamples } from './examples.ts'
import { exitCodeOf, tellFaults } from './outcome.ts'
import { terminal, useColour } from './terminal.ts'

const makers = [
  () => serveCommand(),
  accountsCommand,
  loginCommand,
  statusCommand,
  () => leanCommand('token'),
  () => leanCommand('wait'),
  () => leanCommand('exec'),
  testCommand,
  renewCommand,
  logoutCommand,
  egressCommand,
  pauseCommand,
  resumeCommand,
  killCommand,
  sealCommand,
  unsealCommand,
  keysCommand,
  calendarCommand,
  rollCallCommand,
  portfolioCommand,
  alertsCommand,
  mirrorsCommand,
  auditCommand,
  vaultCommand,
  backupCommand,
  restoreCommand,
  deskCommand,
  doctorCommand,
  unlockCommand,
  configCommand,
  serviceCommand,
  demoCommand,
  simulatorCommand,
  completionCommand,
  helpCommand,
]

/**
 * The whole command line. Every command's parser, for running it and for the docs.
 *
 * @param said takes what commander would have written to stderr
 */
export function buildProgram(said?: string[]): Command {
  const program = new Command('bhor')
    // A group and one of its commands may have options of the same name.
    .enablePositionalOptions()
    .description('Keeps broker sessions alive for people who trade by program in India.')
    .version(version)
    .showSuggestionAfterError(true)
    .helpCommand(false)
  for (const make of makers) program.addCommand(make())
  for (const [words, command] of everyCommand(program)) {
    showExamples(command, words)
    command.exitOverride().configureOutput({ writeErr: said ? (text) => said.push(text) : () => {} })
  }
  return program
}

/** Runs one command and tells what goes wrong. @returns the exit code */
export function runCommand(args: readonly string[]): Promise<number> {
  tellFaults()
  return exitCodeOf(() => main(args))
}

/** Runs one command. @returns the exit code @throws BhorError */
export async function main(args: readonly string[]): Promise<number> {
  useColour(isColourWanted())
  const said: string[] = []
  const program = buildProgram(said)
  refuseSecrets(args)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    if (error.code === 'commander.help') {
      terminal.say(said.join(''))
      return 2
    }
    throw new BhorError('usage', firstLine(error.message), { hint: hintOf(error.message), cause: error })
  }
}

const secretOptions =
  /^--(api-?secret|secret|password|pass|token|key|passphrase|pin|totp|master-key|client-secret|access-token)(=|$)/i

const clientKey = /bhor_[A-Za-z0-9_-]{43}/

/** Before anything parses them: a secret on a command line is in every process list already. */
function refuseSecrets(args: readonly string[]): void {
  if (args.some((arg) => clientKey.test(arg))) {
    throw new BhorError(
      'secret_in_arguments',
      'A client key stands on the command line: other users can see it.',
      {
        hint: 'Revoke it (bhor keys list shows the ids), make a new one, and give programs BHOR_KEY.',
      },
    )
  }
  // What stands behind -- is another program's.
  const [found] = args.slice(0, [...args, '--'].indexOf('--')).filter((arg) => secretOptions.test(arg))
  if (found === undefined) return
  const name = found.split('=', 1)[0]!
  throw new BhorError(
    'secret_in_arguments',
    `Secrets are not taken on the command line (${name}): other users can see it.`,
    {
      hint: `Use ${name}-file with a file, “-” for stdin, or let bhor ask.`,
    },
  )
}

function firstLine(message: string): string {
  // `--api-secrt=…`: the name was mistyped, what follows may be a secret all the same.
  const line = printable(
    message
      .split('\n')[0]!
      .replace(/^error: /, '')
      .replace(/(--[^=\s']*)=[^']*'/, "$1'"),
  )
  return `${line[0]?.toUpperCase()}${line.slice(1)}${/[.?!]$/.test(line) ? '' : '.'}`
}

function hintOf(message: string): string {
  const suggestion = /Did you mean (?:one of )?(.+?)\??\)/.exec(message)?.[1]
  return suggestion
    ? `Did you mean ${suggestion}?`
    : 'bhor --help lists the commands; each has a --help of its own.'
}

/** Each by its words, without `bhor`. */
function everyCommand(command: Command, words = ''): [words: string, command: Command][] {
  return [
    [words, command],
    ...command.commands.flatMap((child) => everyCommand(child, `${words} ${child.name()}`.trim())),
  ]
}
