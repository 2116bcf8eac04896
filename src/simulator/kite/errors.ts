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
export const unknownApp = (): Answer => kiteError(unknownAppStatus, 'InputException', unknownAppMessage)
/** Any call with a dead or wrong token. */
export const deadToken = (): Answer =>
  kiteError(403, 'TokenException', 'Incorrect `api_key` or `access_token`.')
/** The exchange: kite.trade/forum/discussion/3016. */
export const badChecksum = (): Answer => kiteError(403, 'TokenException', 'Invalid `checksum`.')
/** The exchange with a `request_token` that was used or is too old. */
export const badGrant = (): Answer => kiteError(403, 'TokenException', 'Token is invalid or has expired.')

const notListed =
  'IP (127.0.0.1) is not allowed to place orders for this app. Update allowed IPs on the Kite developer console. Learn more - https://support.zerodha.com/static-ip'

export function kiteRefusal(why: Refusal, { status = 502 }: { readonly status?: number }): Answer {
  switch (why) {
    case 'no_path':
      return kiteError(404, 'GeneralException', 'Route not found')
    case 'no_method':
      return kiteError(405, 'GeneralException', 'Method not allowed')
    case 'dead_token':
      return deadToken()
    case 'unknown_app':
      return unknownApp()
    case 'not_enabled':
      // no redirect and no `data`: kite.trade/forum/discussion/10749
      return jsonAnswer(notEnabledStatus, {
        status: 'error',
        message: 'The user is not enabled for the app.',
        error_type: 'InputException',
      })
    case 'rate_limited':
      return kiteError(429, 'NetworkException', 'Too many requests')
    case 'ip_refused':
      return kiteError(403, ipRefusedType, notListed)
    case 'ip_unset':
      return kiteError(
        403,
        ipRefusedType,
        'No IPs configured for this app. Add allowed IPs on the Kite developer console.',
      )
    case 'closed_at_night':
    case 'unavailable':
      return kiteError(status, 'NetworkException', 'The order management system is not reachable.')
  }
}
