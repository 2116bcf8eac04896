import { type ChildProcess, spawn } from 'node:child_process'

/** A program under measurement, with everything that it has printed so far. */
export interface Program {
  readonly child: ChildProcess
  readonly pid: number
  /** stdout and stderr as they came. */
  readonly output: { stdout: string; stderr: string }
  /** Resolves with the match once stderr or stdout has printed it; fails when the program ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>
}

/** Starts `file` on the Node that runs this. Only the variables given reach it. */
export function startProgram(
  file: string,
  args: readonly string[],
  options: {
    readonly env?: Record<string, string>
    readonly nodeArgs?: readonly string[]
    readonly input?: string
  } = {},
): Program {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), file, ...args], {
    env: { PATH: process.env.PATH, TZ: 'UTC', ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(options.input)
  const output = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const look of waiting) look()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    pid: child.pid!,
    output,
    ended,
    printed(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output.stderr) ?? pattern.exec(output.stdout)
          if (!match) return
          waiting.delete(look)
          resolve(match)
        }
        waiting.add(look)
        void ended.then(() => reject(new Error(`The program ended early: ${output.stderr.slice(-600)}`)))
        look()
      })
    },
  }
}
