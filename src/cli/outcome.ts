import { toBhorError } from '../core/errors.ts'
import { terminal } from './terminal.ts'

/** Runs `work` and tells on stderr what it throws. @returns the exit code */
export async function exitCodeOf(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (cause) {
    const error = toBhorError(cause)
    terminal.error(error)
    return error.exitCode
  }
}

/** A fault of our own that nobody caught: its text and its stack may hold anything, so neither is shown. */
export function tellFaults(): void {
  process.removeAllListeners('uncaughtException').on('uncaughtException', (cause) => {
    terminal.error(toBhorError(cause))
    process.exit(1)
  })
}
