import { type ErrorRow, errorTable } from './error-table.ts'

export { errorTable }

/** The closed union of error codes. */
export type ErrorCode = keyof typeof errorTable

export interface ErrorOptionsOfBhor {
  /** The next step for the reader; the table's hint when left out. */
  hint?: string
  /** What went wrong below. Kept for the process, never sent across a boundary. */
  cause?: unknown
  /** Plain facts for machines, e.g. `{ expectedUser: 'AB1234' }`. Never a secret. */
  facts?: Readonly<Record<string, string | number | boolean>>
  /** How long to wait before trying again, where that is known. */
  retryAfterMs?: number
}

/** The one error class: a typed code, a sentence, and the next step. Messages never hold a secret. */
export class BhorError extends Error {
  override readonly name = 'BhorError'
  readonly code: ErrorCode
  readonly hint: string
  readonly facts: Readonly<Record<string, string | number | boolean>>
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string = errorTable[code].sentence,
    options: ErrorOptionsOfBhor = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? errorTable[code].hint
    this.facts = options.facts ?? {}
    this.retryAfterMs = options.retryAfterMs
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable
  }
  get httpStatus(): number {
    return errorTable[this.code].http
  }
  get exitCode(): number {
    return errorTable[this.code].exit
  }
}

/** What a code says where: to whoever called, on a broker's callback page, in an alert about an account. */
export function wordsOf(code: ErrorCode): Required<Pick<ErrorRow, 'sentence' | 'hint' | 'page' | 'alert'>> {
  const { sentence, hint, page, alert }: ErrorRow = errorTable[code]
  return {
    sentence,
    hint,
    page: page ?? 'The login did not succeed. No session was stored.',
    alert: alert ?? sentence,
  }
}

/** True when `error` is a {@link BhorError}, with this code when one is named. */
export function isBhorError(error: unknown, code?: ErrorCode): error is BhorError {
  return error instanceof BhorError && (code === undefined || error.code === code)
}

/** Turns anything thrown into a {@link BhorError}; what is unknown becomes `internal` with a fixed text. */
export function toBhorError(error: unknown): BhorError {
  if (error instanceof BhorError) return error
  return surroundings(error) ?? new BhorError('internal', undefined, { cause: error })
}

const systemCodes: Readonly<Record<string, ErrorCode>> = {
  EROFS: 'store_readonly',
  ENOSPC: 'store_full',
  EDQUOT: 'store_full',
  EFBIG: 'store_full',
}

/** What disks, limits and rights of this computer cause is no bug of bhor's. */
function surroundings(error: unknown): BhorError | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof SuppressedError) {
    // Of a failure and of the failure to clean up after it, the first that is understood.
    const both = [error.suppressed, error.error].map(toBhorError)
    return both.find(({ code }) => code !== 'internal')
  }
  const { code, syscall, errno } = error as NodeJS.ErrnoException
  if (errno === undefined || !/^E[A-Z0-9]{1,20}$/.test(code ?? '')) return undefined
  if (Object.hasOwn(systemCodes, code!))
    return new BhorError(systemCodes[code!]!, undefined, { cause: error })
  const call = /^\w{1,30}$/.test(syscall ?? '') ? ` at ${syscall}` : ''
  return new BhorError('system_refused', `The system answered ${code}${call}.`, { cause: error })
}
