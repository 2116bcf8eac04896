import { tokenVariables, variableText } from '../config/variables.ts'
import type { HandOut } from '../contracts/api.ts'
import { controlsEscaped } from '../core/control-characters.ts'
import { BhorError } from '../core/errors.ts'
import { call } from './call.ts'
import { execute } from './exec.ts'
import { waitFor } from './wait.ts'
import type { ApiClient } from './wire.ts'

/** One option: its flag, what its value is called if it takes one, and which values there are. */
export interface LeanOption {
  readonly flag: `--${string}`
  readonly value?: string
  readonly choices?: readonly string[]
  readonly help: string
}
type LeanOptions = Readonly<Record<string, LeanOption>>

/** What was given, by the names under which the options are declared. */
type Given<Options extends LeanOptions> = {
  readonly [Name in keyof Options]?: Options[Name] extends { value: string } ? string : true
}
/** Any of them, for whoever reads the arguments. */
export interface AnyLeanCommand {
  readonly about: string
  readonly options: LeanOptions
  readonly needsServer?: true
  readonly takesCommand?: true
  run(
    client: ApiClient,
    account: string,
    given: Readonly<Record<string, string | true>>,
    command: readonly string[],
  ): Promise<string | number>
}

/** A command on one account that scripts run so often that it loads nothing it does not need; see `bhor.ts`. */
interface LeanCommand<Options extends LeanOptions> {
  readonly about: string
  readonly options: Options
  /** It makes no sense in a process of its own. */
  readonly needsServer?: true
  /** Behind the account and its options stands a command. */
  readonly takesCommand?: true
  /** @returns what goes to stdout, empty for nothing; or the exit code */
  run(
    client: ApiClient,
    account: string,
    given: Given<Options>,
    command: readonly string[],
  ): Promise<string | number>
}

function lean<const Options extends LeanOptions>(command: LeanCommand<Options>): LeanCommand<Options> {
  return command
}

const token = lean({
  about: 'Print the access token of a live session, and nothing else. Every hand-out is recorded.',
  options: {
    format: {
      flag: '--format',
      value: 'format',
      choices: ['raw', 'json', 'env'],
      help: 'raw, json or env',
    },
    json: { flag: '--json', help: 'the same as --format json' },
    minLife: {
      flag: '--min-life',
      value: 'duration',
      help: 'fail unless it lasts at least this long, e.g. 20m',
    },
    kind: {
      flag: '--kind',
      value: 'kind',
      help: 'another token than access, e.g. one that can only read',
    },
  },
  async run(client, account, { format = 'raw', json, minLife, kind }) {
    const handOut = await call(client, 'GET /v1/accounts/{account}/session', {
      params: { account },
      query: {
        ...(minLife === undefined ? {} : { min_life: minLife }),
        ...(kind === undefined ? {} : { kind }),
      },
    })
    if (json || format === 'json') return controlsEscaped(JSON.stringify(handOut, null, 2))
    return format === 'raw' ? handOut.accessToken : variables(handOut)
  },
})

const wait = lean({
  about:
    'Wait until the account is live; with --gate also until it may trade. Starts no login. 124 when the time is over.',
  options: {
    gate: { flag: '--gate', help: 'until its gate is open too' },
    timeout: {
      flag: '--timeout',
      value: 'duration',
      help: 'how long at most, e.g. 30m; left out: as long as it takes',
    },
    json: { flag: '--json', help: 'print the account as JSON' },
  },
  needsServer: true,
  run: waitFor,
})

const exec = lean({
  about:
    'Run a program with the session in its environment, and with a key of its own that ends with it. Its exit code is the result.',
  options: {
    restartOnLogin: {
      flag: '--restart-on-login',
      help: 'at a new session: end the program and start it again',
    },
    signalOnLogin: {
      flag: '--signal-on-login',
      value: 'signal',
      help: 'at a new session: send it this signal, e.g. HUP',
    },
    mask: {
      flag: '--mask',
      help: 'take the token and the key out of what it prints; it cannot open /dev/stdout by name then',
    },
    minLife: {
      flag: '--min-life',
      value: 'duration',
      help: 'start nothing unless the session lasts at least this long, e.g. 20m',
    },
  },
  needsServer: true,
  takesCommand: true,
  run: execute,
})

/** For a shell that completes a name: nothing where no desk runs, or where it says no. */
async function accountNames(client: ApiClient): Promise<string> {
  const all = await call(client, 'GET /v1/accounts').catch(() => [])
  return all.map(({ account }) => account).join('\n')
}

/** By the word on the command line. */
export const leanCommands: Readonly<Record<'token' | 'wait' | 'exec', AnyLeanCommand>> = { token, wait, exec }

/** Quotes only where a shell needs them: `export $(…)` and the env files of others take them for part of the value. */
function variables(handOut: HandOut): string {
  return Object.entries(tokenVariables)
    .filter(([field]) => typeof handOut[field as keyof typeof tokenVariables] !== 'object')
    .map(
      ([field, name]) => `${name}=${shellWord(variableText(handOut[field as keyof typeof tokenVariables]))}`,
    )
    .join('\n')
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** A lean command as it was asked for, ready to run. */
export type LeanCall = (client: ApiClient) => Promise<string | number>

/** The plain uses of the lean commands; undefined for anything that wants the full parser (other commands, help, mistakes). */
export function readLean([word = '', ...args]: readonly string[]): LeanCall | undefined {
  if (word === 'completion' && args.length === 1 && args[0] === '--accounts') return accountNames
  const command = Object.hasOwn(leanCommands, word)
    ? leanCommands[word as keyof typeof leanCommands]
    : undefined
  // A secret on a command line: the full parser refuses it.
  if (!command || args.some((arg) => /bhor_[\w-]{43}/.test(arg))) return undefined
  const options = Object.entries(command.options)
  let account: string | undefined
  let rest: readonly string[] = []
  const given: Record<string, string | true> = {}
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    const isWord = !arg.startsWith('-')
    if (isWord && account === undefined) {
      account = arg
      continue
    }
    if (command.takesCommand && account !== undefined && (isWord || arg === '--')) {
      rest = args.slice(isWord ? at : at + 1)
      break
    }
    const [, flag, inline] = /^([^=]*)(?:=(.*))?$/s.exec(arg) ?? []
    const [name, option] = options.find(([, each]) => each.flag === flag) ?? []
    if (name === undefined || option === undefined) return undefined
    const value = option.value === undefined ? inline === undefined || undefined : (inline ?? args[++at])
    if (value === undefined || !isChoice(option, value)) return undefined
    given[name] = value
  }
  if (account === undefined || (command.takesCommand && rest.length === 0)) return undefined
  const named = account
  return (client) => command.run(client, named, given, rest)
}

/** One of the values that the option has; of an option without a list, any. */
export function isChoice({ choices }: LeanOption, value: string | true): boolean {
  return !choices || (value !== true && choices.includes(value))
}

/** @throws BhorError `usage`, naming the choices */
export function chosen(option: LeanOption, value: string): string {
  if (isChoice(option, value)) return value
  throw new BhorError('usage', `The ${option.value} is ${option.help}.`)
}
