import type { TokenSpec } from '../../contracts/broker.ts'
import { extendedTokenMs } from './unverified.ts'

/** JWTs today, "opaque" by the documentation; the alphabet of RFC 6750's tokens. */
const pattern = /^[A-Za-z0-9._~+/-]{1,8192}={0,4}$/

/** What the exchange gives. */
export const tokens = {
  access: { canOrder: true, pattern },
  /**
   * Read-only, lives a year and survives logout. Given to all apps since 11 March 2026
   * (upstox.com/developer/api-documentation/announcements/extended-tokens-all-apps).
   */
  extended: {
    canOrder: false,
    pattern,
    expiry: {
      kind: 'earliest',
      of: [
        { kind: 'jwt_exp', token: 'extended' },
        { kind: 'after', ms: extendedTokenMs },
      ],
    },
  },
  /** Nobody has been given one yet: the OpenAPI description declares it, the documented reply has none. */
  refresh: { canOrder: false, pattern, internal: true },
} as const satisfies Record<string, TokenSpec>

/** The names under which Upstox sends them. */
export function sentTokens(data: Readonly<Record<string, unknown>>): Record<keyof typeof tokens, unknown> {
  return { access: data.access_token, extended: data.extended_token, refresh: data.refresh_token }
}
