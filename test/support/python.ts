import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stand = join(root, 'test/support/python')
/** Where `bhor.py` is. */
export const pythonClient = join(root, 'clients/python')
/** Loaded first by a Node program, it tells whom that connects to. */
const preload = pathToFileURL(join(root, 'test/support/node/connects.mjs')).href

/** A folder in which programs of users run: their packages are there, and whom they connect to is written down. */
export interface UserFolder extends Disposable {
  readonly path: string
  /** Whom programs asked for or connected to: `here` and `away` from this computer. */
  connects(): { readonly here: readonly string[]; readonly away: readonly string[] }
  /** @param kiteconnect whether the official Python clients are installed */
  environment(
    more: Readonly<Record<string, string | undefined>>,
    kiteconnect?: 'official clients' | 'nothing installed',
  ): NodeJS.ProcessEnv
}

export function userFolder(): UserFolder {
  const path = mkdtempSync(join(tmpdir(), 'bhor-user-'))
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  const log = join(path, 'connects.log')
  const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0
  const played = hasRequests ? [] : [join(stand, 'requests-played')]
  return {
    path,
    connects() {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
      const of = (which: string) =>
        lines.flatMap((line) => (line.startsWith(`${which} `) ? [line.slice(which.length + 1)] : []))
      return { here: of('here'), away: of('away') }
    },
    environment: (more, installed = 'official clients') => ({
      PATH: process.env.PATH,
      HOME: path,
      PYTHONPATH: [
        join(stand, 'watched'),
        pythonClient,
        ...played,
        ...(installed === 'official clients' ? [stand] : []),
      ].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      NODE_OPTIONS: `--import=${preload}`,
      TEST_CONNECTS: log,
      ...more,
    }),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A program of a user’s. */
export interface UserProgram extends AsyncDisposable {
  readonly child: ChildProcess
  readonly stdout: string
  readonly ended: Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>
  /** Waits until stdout holds this. @returns the match */
  says(pattern: RegExp): Promise<string>
}

export function startProgram(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  { cwd, input = '' }: { readonly cwd: string; readonly input?: string },
): UserProgram {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, cwd })
  const text = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const where of ['stdout', 'stderr'] as const)
    child[where].setEncoding('utf8').on('data', (chunk: string) => {
      text[where] += chunk
      for (const listener of listeners) listener()
    })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, ...text }))
  })
  return {
    child,
    ended,
    get stdout() {
      return text.stdout
    },
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text.stdout)
          if (found) resolve(found[0])
        }
        listeners.add(look)
        void ended.then(() =>
          reject(new Error(`It ended without saying ${pattern}: ${text.stdout} ${text.stderr}`)),
        )
        look()
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
