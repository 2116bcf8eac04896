import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const entry = fileURLToPath(new URL('../../src/cli/bhor.ts', import.meta.url))
/** The entry, for a program that does something before it. */
export const entryAddress = pathToFileURL(entry).href
const quiet = '--disable-warning=ExperimentalWarning'
const nodeArguments = [quiet, entry]

/** Some hundred commands start from the same sources: compiled once a test file, not each time. */
const compiled = mkdtempSync(join(tmpdir(), 'bhor-compiled-'))
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }))

/** `bhor` as a shell has to write it. */
export const commandLine = [process.execPath, ...nodeArguments].map((word) => `'${word}'`).join(' ')

/** A data folder of its own, and the environment that names it. */
export function newFolder(): Disposable & { readonly home: string; readonly env: NodeJS.ProcessEnv } {
  const home = mkdtempSync(join(tmpdir(), 'bhor-cli-'))
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BHOR_|NODE_|FORCE_COLOR)/.test(name))
  return {
    home,
    env: {
      ...Object.fromEntries(inherited),
      NODE_COMPILE_CACHE: compiled,
      BHOR_HOME: home,
      BHOR_PORT: '0',
      BHOR_SIMULATOR_PORT: '0',
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface Running extends AsyncDisposable {
  readonly child: ChildProcess
  readonly stdout: string
  readonly stderr: string
  /** Waits until stderr (or stdout) holds this. @returns the first group, or all of the match */
  says(pattern: RegExp, where?: 'stdout' | 'stderr'): Promise<string>
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended>
  readonly ended: Promise<Ended>
}

/** Starts a command; with `input` its stdin is that, and at its end. */
export function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string | Buffer,
  /** Runs in place of the entry. */
  program = entry,
  /** For Node itself. */
  options: readonly string[] = [],
): Running {
  const child = spawn(process.execPath, [...options, quiet, program, ...args], { env })
  const text = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const where of ['stdout', 'stderr'] as const) {
    child[where].setEncoding('utf8').on('data', (chunk: string) => {
      text[where] += chunk
      for (const listener of listeners) listener()
    })
  }
  child.stdin.on('error', () => {})
  if (input !== undefined) child.stdin.end(input)
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code: code ?? -1, ...text })),
  )
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return {
    child,
    get stdout() {
      return text.stdout
    },
    get stderr() {
      return text.stderr
    },
    says(pattern, where = 'stderr') {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text[where])
          if (found) resolve(found[1] ?? found[0])
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`It ended without saying ${pattern}: ${text.stderr}`)))
        look()
      })
    },
    stop,
    ended,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL')
    },
  }
}

/** Runs a command to its end. */
export function bhor(env: NodeJS.ProcessEnv, args: readonly string[], input: string | Buffer = '') {
  return start(args, env, input).ended
}

/** What a command with `--json` printed. */
export function json<T>({ stdout }: Ended): T {
  return JSON.parse(stdout) as T
}

/** Walks the login pages of the simulator as a browser does. @returns the page on which it ends */
export async function walkLogin(link: string, userId: string): Promise<Response> {
  return followTo(link, userId, { redirect: 'follow' })
}

/** Stops in front of the desk: the address that a person would paste. */
export async function addressAfterLogin(link: string, userId: string): Promise<string> {
  let answer = await followTo(link, userId, { redirect: 'manual' })
  for (let at = link; ; answer = await fetch(at, { redirect: 'manual' })) {
    at = new URL(answer.headers.get('location') ?? '', at).href
    if (new URL(at).pathname.startsWith('/callback/')) return at
  }
}

async function followTo(link: string, userId: string, init: RequestInit): Promise<Response> {
  const page = await fetch(link)
  const [, id = ''] = /name="sess_id" value="([^"]+)"/.exec(await page.text()) ?? []
  const body = new URLSearchParams({ sess_id: id, demo: userId })
  return fetch(page.url, { ...init, method: 'POST', body })
}

/** Logs a sandbox account in, with `bhor login` waiting. */
export async function logIn(env: NodeJS.ProcessEnv, account: string, userId = 'DM0001'): Promise<Ended> {
  await using login = start(['login', account, '--no-browser', '--json'], env, '')
  await walkLogin(await login.says(/^\s+(http\S+)$/m), userId)
  return await login.ended
}

/** A server in its own process. */
export async function startServer(env: NodeJS.ProcessEnv): Promise<Running & { readonly origin: string }> {
  const server = start(['serve'], env, '')
  const origin = await server.says(/is up at (\S+)/)
  return Object.defineProperty(server, 'origin', { value: origin }) as Running & { origin: string }
}
