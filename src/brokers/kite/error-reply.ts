import type { Broker } from '../../contracts/broker.ts'
import { type ErrorCode, errorTable } from '../../core/errors.ts'

/** What the official clients act upon: a 403 TokenException makes them call their session hook, and nothing else may. */
const dead = [403, 'TokenException'] as const
const slow = [429, 'NetworkException'] as const
const away = [503, 'NetworkException'] as const
const known: Partial<Record<ErrorCode, readonly [status: number, type: string]>> = {
  session_none: dead,
  session_expired: dead,
  session_revoked: dead,
  needs_login: dead,
  rate_limited: slow,
  broker_rate_limited: slow,
  broker_unavailable: away,
  broker_timeout: away,
  ip_not_allowed: [403, 'PermissionException'],
  not_permitted: [403, 'PermissionException'],
  scope_missing: [403, 'PermissionException'],
}

export const errorReply: NonNullable<Broker['errorReply']> = (code, said) => {
  const { http } = errorTable[code]
  const [status, type] = known[code] ?? [http, http < 500 ? 'InputException' : 'GeneralException']
  // The type alone does not say it: classification goes by Kite's own words.
  const message = code === 'ip_not_allowed' ? `No IPs configured for this app. ${said}` : said
  return { status, json: { status: 'error', message, data: null, error_type: type } }
}
