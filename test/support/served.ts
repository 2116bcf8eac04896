import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exchange, readReply } from '../../src/cli/wire.ts'

const entry = fileURLToPath(new URL('../../src/cli/bhor.ts', import.meta.url))

export interface Served extends AsyncDisposable {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly child: ChildProcess
  /** `http://127.0.0.1:…` */
  readonly origin: string
  /** A one-time link, as `bhor desk` prints it. */
  readonly signInLink: string
  /** Everything that came on stderr so far. */
  output(): string
  /** Asks the API as the operator does, without the start of a command. */
  ask(method: string, path: string, body?: object): Promise<unknown>
  /** Runs a command against this server. */
  run(args: readonly string[], input?: string): Promise<{ code: number; stdout: string; stderr: string }>
}

export interface ServeOptions {
  /** A free one when left out. */
  readonly port?: number
  /** The folder of an earlier server, which stays; a new one when left out. */
  readonly home?: string
}

/** A real `bhor serve` in a process and a folder of its own, on free ports; `prepare` is given the empty folder. */
export async function serve(
  prepare: (home: string) => void = () => {},
  { port = 0, home: kept }: ServeOptions = {},
): Promise<Served> {
  const home = kept ?? mkdtempSync(join(tmpdir(), 'bhor-served-'))
  prepare(home)
  const env = {
    ...withoutBhor(process.env),
    BHOR_HOME: home,
    BHOR_PORT: String(port),
    BHOR_SIMULATOR_PORT: '0',
  }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'serve'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  const origin = await new Promise<string>((resolve, reject) => {
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      const up = /is up at (\S+)/.exec(output)
      if (up) resolve(up[1]!)
    })
    child.once('exit', (code) => reject(new Error(`bhor serve ended with ${code}: ${output}`)))
  })
  return {
    home,
    env,
    child,
    origin,
    signInLink: (await runCommand(['desk'], env)).stdout.trim(),
    output: () => output,
    ask: async (method, path, body) =>
      readReply(await exchange({ path: join(home, 'bhor.sock') }, method, path, { body })),
    run: (args, input) => runCommand(args, env, input),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      if (kept === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Runs one command as a process of its own. */
export function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], { env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })),
  )
}

function withoutBhor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('BHOR_') && name !== 'NODE_OPTIONS'),
  )
}
