import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exchange, readReply } from '../../src/cli/wire.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import type { FromMoved, ToMoved } from './moved-process.ts'

const entry = fileURLToPath(new URL('./moved-process.ts', import.meta.url))
const pieceMs = 10_000

/** A real `bhor serve` in a process of its own, whose time passes when somebody lets it. */
export interface MovedServer extends AsyncDisposable {
  readonly child: ChildProcess
  /** `http://127.0.0.1:…` */
  readonly origin: string
  readonly porch: string | undefined
  /** Everything that came on stderr so far. */
  output(): string
  /** Asks the API as the operator does. */
  ask(method: string, path: string, body?: object): Promise<unknown>
  /** So many milliseconds for this process alone. Rejects when it ends meanwhile. */
  pass(ms: number): Promise<void>
  stop(signal: NodeJS.Signals): Promise<void>
}

/** @param env what it has beside `BHOR_HOME`; the clock starts at `nowMs` */
export async function startMoved(
  home: string,
  nowMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<MovedServer> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BHOR_|NODE_)/.test(name))
  const child = fork(entry, [String(nowMs)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      ...Object.fromEntries(inherited),
      BHOR_HOME: home,
      BHOR_PORT: '0',
      BHOR_SIMULATOR_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let output = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const sooner = ended.then(() => Promise.reject(new Error(`bhor serve ended: ${output}`)))
  sooner.catch(() => {})
  const up = new Promise<void>((resolve) => {
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      // The last that it says when its doors are open.
      if (output.includes('For a sign-in link')) resolve()
    })
  })
  await Promise.race([up, sooner])
  const said = (pattern: RegExp) => pattern.exec(output)?.[1]
  return {
    child,
    origin: said(/is up at (\S+)/)!,
    porch: said(/The porch is open at (\S+)/),
    output: () => output,
    ask: async (method, path, body) =>
      readReply(await exchange({ path: join(home, 'bhor.sock') }, method, path, { body })),
    async pass(ms) {
      const passed = new Promise<FromMoved>((resolve) => child.once('message', resolve))
      child.send({ pass: ms } satisfies ToMoved)
      await Promise.race([passed, sooner])
    },
    async stop(signal) {
      child.kill(signal)
      await ended
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Time for a server and for what it talks to, in pieces that are shorter than the time-out of a message. */
export async function passTogether(
  clock: ManualClock,
  server: Pick<MovedServer, 'pass'> | undefined,
  ms: number,
): Promise<void> {
  for (let left = ms; left > 0; left -= pieceMs) {
    const piece = Math.min(pieceMs, left)
    await clock.advance(piece)
    await server?.pass(piece)
  }
}
