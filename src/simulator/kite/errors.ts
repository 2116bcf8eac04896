import { type Answer, jsonAnswer } from '../answer.ts'
import type { Refusal } from '../module.ts'
import { ipRefusedType, notEnabledStatus, unknownAppMessage, unknownAppStatus } from './unverified.ts'

/** The types of kite.trade/docs/connect/v3/exceptions, and PermissionException, which only the clients know. */
export type KiteErrorType =
  | 'TokenException'
  | 'UserException'
  | 'OrderException'
  | 'InputException'
  | 'PermissionException'
  | 'NetworkException'
  | 'GeneralException'

export function kiteError(status: number, type: KiteErrorType, message: string): Answer {
  return jsonAnswer(status, { status: 'error', message, data: null, error_type: type })
}

export function kiteSuccess(data: unknown): Answer {
  return jsonAnswer(200, { status: 'success', data })
}

export const inputError = (message: string): Answer => kiteError(400, 'InputException', message)
/** The exchange: kite.trade/forum/discussion/3016. */
export const badChecksum = (): Answer => kiteError(403, 'TokenException', 'Invalid `checksum`.')
/** The exchange with a `request_token` that was used or is too old. */
export const badGrant = (): Answer => kiteError(403, 'TokenException', 'Token is invalid or has expired.')

const refusals: Readonly<Record<string, readonly [status: number, type: KiteErrorType, message: string]>> = {
  no_path: [404, 'GeneralException', 'Route not found'],
  no_method: [405, 'GeneralException', 'Method not allowed'],
  dead_token: [403, 'TokenException', 'Incorrect `api_key` or `access_token`.'],
  unknown_app: [unknownAppStatus, 'InputException', unknownAppMessage],
  rate_limited: [429, 'NetworkException', 'Too many requests'],
  ip_refused: [
    403,
    ipRefusedType,
    'IP (127.0.0.1) is not allowed to place orders for this app. Update allowed IPs on the Kite developer console. Learn more - https://support.zerodha.com/static-ip',
  ],
  ip_unset: [
    403,
    ipRefusedType,
    'No IPs configured for this app. Add allowed IPs on the Kite developer console.',
  ],
}

export function kiteRefusal(why: Refusal, { status = 502 }: { readonly status?: number } = {}): Answer {
  const known = refusals[why]
  if (known) return kiteError(...known)
  if (why !== 'not_enabled')
    return kiteError(status, 'NetworkException', 'The order management system is not reachable.')
  // no redirect and no `data`: kite.trade/forum/discussion/10749
  const message = 'The user is not enabled for the app.'
  return jsonAnswer(notEnabledStatus, { status: 'error', message, error_type: 'InputException' })
}
