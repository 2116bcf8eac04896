import type { Broker } from '../../contracts/broker.ts'
import { type ErrorCode, errorTable } from '../../core/errors.ts'

const dead = [401, 'UDAPI100050'] as const
const slow = [429, 'UDAPI10005'] as const
const away = [500, 'UDAPI100500'] as const
const known: Partial<Record<ErrorCode, readonly [status: number, code: string]>> = {
  session_none: dead,
  session_expired: dead,
  session_revoked: dead,
  needs_login: dead,
  rate_limited: slow,
  broker_rate_limited: slow,
  broker_unavailable: away,
  broker_timeout: away,
  broker_closed: [423, 'UDAPI100072'],
  ip_not_allowed: [403, 'UDAPI1154'],
  not_permitted: [403, 'UDAPI100067'],
  scope_missing: [403, 'UDAPI100067'],
}

/** A code of Upstox where one says the same, else bhor's own; both spellings, as Upstox sends them. */
export const errorReply: NonNullable<Broker['errorReply']> = (code, message) => {
  const [status, theirs] = known[code] ?? [errorTable[code].http, `BHOR_${code.toUpperCase()}`]
  const error = {
    errorCode: theirs,
    message,
    propertyPath: null,
    invalidValue: null,
    error_code: theirs,
    property_path: null,
    invalid_value: null,
  }
  return { status, json: { status: 'error', errors: [error] } }
}
