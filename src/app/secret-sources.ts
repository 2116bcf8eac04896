import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { environmentForPrograms, variableOf } from '../config/programs.ts'
import type { SecretSources } from '../contracts/secret-sources.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'
import { secretText } from '../vault/secret-text.ts'

/** Some ask for a fingerprint first. */
const answersWithinMs = 30_000
const mostOutput = 64 * 1024

/**
 * The user's own places for secrets.
 *
 * @param commands what may be run: the first words of a command, as `op read`; nothing where there are none
 */
export function secretSources(
  commands: readonly string[],
  env?: Readonly<Record<string, string | undefined>>,
): SecretSources {
  const readers: Readonly<Record<string, (rest: string) => Promise<Uint8Array>>> = {
    async env(name) {
      const value = variableOf(name, env)
      if (value !== undefined && value !== '') return Buffer.from(value)
      throw failed(`The variable ${name} is not set.`, 'Set it for the process that runs bhor serve.')
    },
    async file(path) {
      const bytes = readFile(path)
      if (bytes) return bytes
      throw failed(`The file ${printable(path, 400)} is not there.`, 'Check its path.')
    },
    command: (line) => run(allowed(line, commands), env),
  }
  const partsOf = (reference: string) => {
    const at = reference.indexOf(':')
    return { kind: reference.slice(0, at), rest: reference.slice(at + 1) }
  }
  const read = async (reference: string) => {
    const { kind, rest } = partsOf(reference)
    const reader = Object.hasOwn(readers, kind) ? readers[kind] : undefined
    if (!reader) throw failed('That is no place for a secret.', 'Write env:NAME, file:/path or command:….')
    return new Secret(secretText(await reader(rest), 'secret', 'secret_source_failed').text)
  }
  return {
    read,
    async check(reference) {
      const { kind, rest } = partsOf(reference)
      if (kind === 'command') allowed(rest, commands)
      // What is read from a pipe is gone.
      else if (kind !== 'file' || !isPipe(rest)) await read(reference)
    },
    fits: (secret, pattern) => pattern.test(secret.reveal()),
  }
}

function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    // whoever reads it says why
    return false
  }
}

function readFile(path: string): Uint8Array | undefined {
  const wanted = { path, what: 'file of the secret', code: 'secret_source_failed', mayBeRoots: true } as const
  return readPrivateFile({ ...wanted, mayBePassed: true })
}

/** The words of a command that the configuration allows; nothing in them is read by a shell. */
function allowed(line: string, commands: readonly string[]): readonly [string, ...string[]] {
  const words = line.split(' ').filter((word) => word !== '')
  const isAllowed = commands.some((command) => {
    const first = command.split(' ').filter((word) => word !== '')
    return first.length > 0 && words.length > first.length && first.every((word, at) => words[at] === word)
  })
  const [program, ...rest] = words
  // What begins with a dash could turn an allowed command into another one.
  const given = rest.at(-1) ?? ''
  if (isAllowed && program && !given.startsWith('-')) return [program, ...rest]
  throw new BhorError('secret_source_refused', undefined, {
    hint: `Allowed by secret_commands: ${commands.join(', ') || 'none'}.`,
  })
}

async function run(
  [program, ...rest]: readonly [string, ...string[]],
  env: Readonly<Record<string, string | undefined>> | undefined,
): Promise<Uint8Array> {
  const options = {
    timeout: answersWithinMs,
    maxBuffer: mostOutput,
    encoding: 'buffer',
    killSignal: 'SIGKILL',
    windowsHide: true,
    env: environmentForPrograms(env),
  } as const
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const child = execFile(program, rest, options, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      )
      // Whoever wants to ask something gets no answer, instead of being waited for.
      child.stdin?.end()
    })
  } catch (error) {
    throw failed(
      `The command ${printable(program, 60)} ${whyOf(error)}.`,
      'Run it yourself, as the user who runs bhor: is it unlocked?',
    )
  }
}

function whyOf(error: unknown): string {
  if (isBhorError(error)) return 'failed'
  const { code, killed } = error as NodeJS.ErrnoException & { readonly killed?: boolean }
  if (String(code) === 'ENOENT') return 'is not there'
  if (String(code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'says more than a secret'
  if (killed) return `gives no answer within ${answersWithinMs / 1000} seconds`
  // What it has said may hold anything.
  return typeof code === 'number' ? `ended with ${code}` : 'could not be run'
}

function failed(text: string, hint: string): BhorError {
  return new BhorError('secret_source_failed', text, { hint })
}
