import { tokenVariables } from '../config/variables.ts'
import type { HandOut } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { call } from './call.ts'
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
  run(client: ApiClient, account: string, given: Readonly<Record<string, string | true>>): Promise<string>
}

/** A command on one account that scripts run so often that it loads nothing it does not need; see `bhor.ts`. */
interface LeanCommand<Options extends LeanOptions> {
  readonly about: string
  readonly options: Options
  /** @returns what goes to stdout */
  run(client: ApiClient, account: string, given: Given<Options>): Promise<string>
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
    if (json || format === 'json') return JSON.stringify(handOut, null, 2)
    return format === 'raw' ? handOut.accessToken : variables(handOut)
  },
})

/** By the word on the command line. */
export const leanCommands: Readonly<Record<'token', AnyLeanCommand>> = { token }

function variables(handOut: HandOut): string {
  return Object.entries(tokenVariables)
    .map(
      ([field, name]) =>
        `${name}='${handOut[field as keyof typeof tokenVariables].replaceAll("'", "'\\''")}'`,
    )
    .join('\n')
}

/** A lean command as it was asked for, ready to run. */
export type LeanCall = (client: ApiClient) => Promise<string>

/** The plain uses of the lean commands; undefined for anything that wants the full parser (other commands, help, mistakes). */
export function readLean([word = '', ...args]: readonly string[]): LeanCall | undefined {
  const command = Object.hasOwn(leanCommands, word)
    ? leanCommands[word as keyof typeof leanCommands]
    : undefined
  // A secret on a command line: the full parser refuses it.
  if (!command || args.some((arg) => /bhor_[\w-]{43}/.test(arg))) return undefined
  const options = Object.entries(command.options)
  let account: string | undefined
  const given: Record<string, string | true> = {}
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!
    if (!arg.startsWith('-') && account === undefined) {
      account = arg
      continue
    }
    const [flag, inline] = arg.split('=', 2)
    const [name, option] = options.find(([, each]) => each.flag === flag) ?? []
    if (name === undefined || option === undefined) return undefined
    const value = option.value === undefined ? inline === undefined || undefined : (inline ?? args[++at])
    if (value === undefined || !isChoice(option, value)) return undefined
    given[name] = value
  }
  if (account === undefined) return undefined
  const named = account
  return (client) => command.run(client, named, given)
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
