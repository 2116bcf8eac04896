import { appendFileSync, closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { toLocalText } from '../core/local-time.ts'
import { printable } from '../core/redact.ts'
import { defaultPaths, pathIn } from './default-paths.ts'
import { makeFolders } from './whole-file.ts'

/** By rising weight. */
const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const
export type LogLevel = (typeof levels)[number]

export interface LoggerOptions {
  /** `~/.hft/logs/hft.log` when left out. */
  readonly logFile?: string | undefined
  /** `INFO` when left out; lower case is taken too. */
  readonly level?: LogLevel | Lowercase<LogLevel> | undefined
}

const longestLine = 2000

/**
 * One log for the process, as the document has it. It says nothing until {@link Logger.setup} was called. A line never
 * holds a secret, and is one line whatever is told.
 */
export class Logger {
  static #current: Logger | undefined
  readonly #path: string | undefined
  readonly #least: number

  private constructor(path: string | undefined, least: number) {
    this.#path = path
    this.#least = least
  }

  /**
   * From now on everything is written to this file, which is made with mode 0600.
   *
   * @throws BhorError `bad_field` for a level that there is not, `system_refused` where the file cannot be written
   *
   * @example
   * ```ts
   * const logger = Logger.setup({ level: 'DEBUG' })
   * ```
   */
  static setup({ logFile, level = 'INFO' }: LoggerOptions = {}): Logger {
    const least = levels.indexOf(String(level).toUpperCase() as LogLevel)
    if (least < 0)
      throw new BhorError('bad_field', `There is no log level ${printable(String(level), 40)}.`, {
        hint: `Use one of: ${levels.join(', ')}.`,
        facts: { field: 'level' },
      })
    const path = logFile === undefined ? defaultPaths().logFile : pathIn(logFile, 'The log file')
    try {
      makeFolders(dirname(path))
      closeSync(openSync(path, 'a', 0o600))
    } catch (error) {
      const why = toBhorError(error)
      throw new BhorError('system_refused', `The log file ${printable(path, 400)} cannot be written.`, {
        hint: `Check log file path is writable. ${why.message}`,
        cause: error,
      })
    }
    Logger.#current = new Logger(path, least)
    return Logger.#current
  }

  /** The log that was set up; one that says nothing before that. */
  static get(): Logger {
    Logger.#current ??= new Logger(undefined, levels.length)
    return Logger.#current
  }

  debug(message: string): void {
    this.#write('DEBUG', message)
  }
  info(message: string): void {
    this.#write('INFO', message)
  }
  warning(message: string): void {
    this.#write('WARNING', message)
  }
  error(message: string): void {
    this.#write('ERROR', message)
  }

  #write(level: LogLevel, message: string): void {
    if (this.#path === undefined || levels.indexOf(level) < this.#least) return
    // Programs in JavaScript log errors, too.
    const line = `${toLocalText(systemClock.now())} ${level} ${printable(String(message), longestLine)}\n`
    try {
      // Opened anew each time: whoever rotates the log has moved it away.
      appendFileSync(this.#path, line, { mode: 0o600 })
    } catch {
      // A log on a full disk must not cost a login; `setup` has shown that the file could be written.
    }
  }
}
