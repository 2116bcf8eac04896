import { spawn, spawnSync } from 'node:child_process'

/** How a program of the system ended. */
export interface Ran {
  /** undefined where there is no such program. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of the system to its end, without a shell. */
export function ran(program: string, args: readonly string[]): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 })
  const isMissing = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
  return { code: isMissing ? undefined : (status ?? 1), stdout: stdout ?? '', stderr: stderr ?? '' }
}

/** Gives the terminal to a program. @returns its exit code; undefined where there is no such program */
export function shown(program: string, args: readonly string[]): Promise<number | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    // Ctrl-C reaches both; it ends the other one, and with it this command.
    const wait = () => {}
    process.on('SIGINT', wait)
    child.once('error', () => resolve(undefined))
    child.once('exit', (code, signal) => {
      process.off('SIGINT', wait)
      resolve(signal === 'SIGINT' ? 0 : (code ?? 1))
    })
  })
}
