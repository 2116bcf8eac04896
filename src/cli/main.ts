import { Command, CommanderError } from 'commander'
import { version } from '../app/version.ts'
import { isColourWanted } from '../config/home.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { accountsCommand } from './commands/accounts.ts'
import { auditCommand } from './commands/audit.ts'
import { configCommand } from './commands/config.ts'
import { deskCommand } from './commands/desk.ts'
import { doctorCommand } from './commands/doctor.ts'
import { keysCommand } from './commands/keys.ts'
import { leanCommand } from './commands/lean.ts'
import { loginCommand } from './commands/login.ts'
import { logoutCommand } from './commands/logout.ts'
import { renewCommand } from './commands/renew.ts'
import { serveCommand } from './commands/serve.ts'
import { simulatorCommand } from './commands/simulator.ts'
import { statusCommand } from './commands/status.ts'
import { testCommand } from './commands/test.ts'
import { exitCodeOf, tellFaults } from './outcome.ts'
import { terminal, useColour } from './terminal.ts'

const makers = [
  serveCommand,
  accountsCommand,
  loginCommand,
  statusCommand,
  () => leanCommand('token'),
  testCommand,
  renewCommand,
  logoutCommand,
  keysCommand,
  auditCommand,
  deskCommand,
  doctorCommand,
  configCommand,
  simulatorCommand,
]

/**
 * The whole command line. Every command's parser, for running it and for the docs.
 *
 * @param said takes what commander would have written to stderr
 */
export function buildProgram(said?: string[]): Command {
  const program = new Command('bhor')
    .description('Keeps broker sessions alive for people who trade by program in India.')
    .version(version)
    .showSuggestionAfterError(true)
    .helpCommand(false)
  for (const make of makers) program.addCommand(make())
  for (const command of everyCommand(program))
    command.exitOverride().configureOutput({ writeErr: said ? (text) => said.push(text) : () => {} })
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
  const found = args.find((arg) => secretOptions.test(arg))
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
  return suggestion ? `Did you mean ${suggestion}?` : 'bhor --help, or bhor <command> --help.'
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}
