import type { ErrorCode } from '../core/errors.ts'

/** What else is known of an error. */
export interface ErrorParts {
  readonly hint?: string
  readonly facts?: Readonly<Record<string, string | number | boolean>>
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

/** Makes the error of whoever is asked: `bhor` and `bhor/client` have a class each, alike from outside. */
export type Fault = (code: ErrorCode, message: string, parts?: ErrorParts) => Error

/**
 * The codes after which the same call may succeed later without anybody changing anything. A copy of what the table of
 * errors says, which is too large to be loaded here; a test compares them.
 */
export const passingCodes = new Set<ErrorCode>([
  'rate_limited',
  'login_in_progress',
  'generation_conflict',
  'lease_lost',
  'broker_unavailable',
  'broker_timeout',
  'broker_closed',
  'broker_rate_limited',
  'egress_echo_unavailable',
  'store_busy',
  'store_locked',
  'store_full',
  'store_readonly',
  'store_unavailable',
  'vault_locked',
  'key_retired',
  'audit_unavailable',
  'backup_failed',
  'secret_source_failed',
  'mirror_unwritable',
  'stopping',
  'channel_unavailable',
  'server_unreachable',
  'clock_wrong',
  'clock_doubtful',
  'system_refused',
  'port_in_use',
  'timeout',
])

/** An error with a typed code, a sentence, and the next step; the desk's own where it has answered with one. */
export class BhorError extends Error {
  override readonly name = 'BhorError'
  readonly code: ErrorCode
  readonly hint: string
  readonly facts: Readonly<Record<string, string | number | boolean>>
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    { hint = '', facts = {}, retryAfterMs, cause }: ErrorParts = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.facts = facts
    this.retryAfterMs = retryAfterMs
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return passingCodes.has(this.code)
  }
}

/** True for an error of bhor's, also one that `bhor` itself threw, with this code when one is named. */
export function isBhorError(error: unknown, code?: ErrorCode): error is BhorError {
  if (!(error instanceof Error) || error.name !== 'BhorError') return false
  return code === undefined || (error as BhorError).code === code
}
