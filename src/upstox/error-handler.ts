import { BhorError } from '../core/errors.ts'
import { Logger } from './logger.ts'

export const ErrorHandler = {
  /**
   * Writes what was thrown to the log: its context, its code, what happened and what to do. It throws nothing itself.
   *
   * @example
   * ```ts
   * try {
   *   await auth.authenticate(code)
   * } catch (error) {
   *   ErrorHandler.handleException(error, 'Authentication failed')
   * }
   * ```
   */
  handleException(error: unknown, context = 'Error'): void {
    Logger.get().error(`${context}: ${textOf(error)}`)
  },
} as const

function textOf(error: unknown): string {
  if (error instanceof BhorError) return `${error.message} ${error.hint} (${error.code})`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
