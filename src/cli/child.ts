import { type Clock, foregroundClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import type { Mask } from './mask.ts'
import { terminal } from './terminal.ts'

/** Somebody who is asked to end has so long for it. */
const stopsWithinMs = 10_000
/** What a program has started may keep its stdout for ever. */
const lastWordsMs = 1_000

const forwarded = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
/** A terminal sends these to every program that is in front of it. */
const fromTerminal: readonly string[] = ['SIGINT', 'SIGQUIT']

/** A program that runs. */
export interface Child {
  /** Its exit code, 128 and the number of the signal that ended it. @throws BhorError `command_…` where it did not start */
  readonly ended: Promise<number>
  readonly hasEnded: boolean
  signal(name: NodeJS.Signals): void
  /** Asks it to end, and ends it where it does not listen. */
  stop(): Promise<void>
}

/** Loads what {@link startChild} needs. */
export function prepareToStart(): void {
  process.getBuiltinModule('node:child_process')
}

/** @param masks what stdout and stderr go through; without them they are the program's own */
export function startChild(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  masks?: { readonly stdout: Mask; readonly stderr: Mask },
  clock: Clock = foregroundClock,
): Child {
  // Not imported: see wire.ts.
  const { spawn } = process.getBuiltinModule('node:child_process')
  const output = masks ? 'pipe' : 'inherit'
  const child = begun(program, () => spawn(program, args, { env, stdio: ['inherit', output, output] }))
  let hasEnded = false
  const said = masks
    ? Promise.all([
        passOn(child.stdout!, 'stdout', masks.stdout),
        passOn(child.stderr!, 'stderr', masks.stderr),
      ])
    : Promise.resolve()
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(notStarted(program, error))
    })
    child.once('exit', (code, signal) => resolve(code ?? codeOf(signal)))
  }).finally(() => {
    hasEnded = true
  })
  const ended = exited.then(async (code) => {
    if (!masks) return code
    const patience = new AbortController()
    await Promise.race([said, clock.sleep(lastWordsMs, patience.signal).catch(() => {})])
    patience.abort()
    return code
  })
  return {
    ended,
    get hasEnded() {
      return hasEnded
    },
    signal(name) {
      child.kill(name)
    },
    async stop() {
      child.kill('SIGTERM')
      using _ = clock.after(stopsWithinMs, () => void child.kill('SIGKILL'))
      await exited.catch(() => {})
    },
  }
}

/** Whoever is told something is `child()`; until disposed of, this process itself dies of none of it. */
export function forwardSignals(child: () => Child): Disposable {
  const listeners = forwarded.map((name) => {
    const pass = () => {
      if (!(terminal.isAround && fromTerminal.includes(name))) child().signal(name)
    }
    process.on(name, pass)
    return [name, pass] as const
  })
  return {
    [Symbol.dispose]() {
      for (const [name, pass] of listeners) process.off(name, pass)
    },
  }
}

/** Resolves when there is no more. */
function passOn(from: NodeJS.ReadableStream & { destroy(): void }, to: 'stdout' | 'stderr', mask: Mask) {
  const out = terminal.pipe(to, () => from.destroy())
  return new Promise<void>((resolve) => {
    from.on('data', (bytes: Buffer) => {
      if (out.write(Buffer.from(mask.pass(bytes.toString('latin1')), 'latin1'))) return
      from.pause()
      out.once('drain', () => from.resume())
    })
    from.once('close', () => {
      out.write(Buffer.from(mask.end(), 'latin1'))
      resolve()
    })
  })
}

/** As a shell tells it. */
function codeOf(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : process.getBuiltinModule('node:os').constants.signals[signal])
}

/** Of some errors Node tells by throwing, of others by an event. */
function begun<T>(program: string, begin: () => T): T {
  try {
    return begin()
  } catch (error) {
    throw notStarted(program, error as NodeJS.ErrnoException)
  }
}

/** Whatever the system says: its own words hold all arguments. */
function notStarted(program: string, { code }: NodeJS.ErrnoException): BhorError {
  const named = printable(program, 80)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new BhorError('command_not_found', `There is no program ${named}.`)
  if (code === 'EACCES' || code === 'EPERM' || code === 'ENOEXEC')
    return new BhorError('command_not_executable', `${named} cannot be run.`)
  return new BhorError('command_not_executable', `${named} could not be started (${code}).`)
}
