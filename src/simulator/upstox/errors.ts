import { type Answer, jsonAnswer } from '../answer.ts'
import type { Refusal } from '../module.ts'
import { notEnabledCode, statusOf } from './unverified.ts'

/** The envelope of every Upstox error; the camelCase names are deprecated and still sent. */
export function upstoxError(
  status: number,
  code: string,
  message: string,
  property: string | null = null,
  invalid: unknown = null,
): Answer {
  return jsonAnswer(status, {
    status: 'error',
    errors: [
      {
        errorCode: code,
        message,
        propertyPath: property,
        invalidValue: invalid,
        error_code: code,
        property_path: property,
        invalid_value: invalid,
      },
    ],
  })
}

export function upstoxSuccess(data: unknown, more: Record<string, unknown> = {}): Answer {
  return jsonAnswer(200, { status: 'success', data, ...more })
}

const wordedErrors = {
  UDAPI100057: 'Invalid Auth code',
  UDAPI100068: "Check your 'client_id' and 'redirect_uri'; one or both are incorrect.",
  UDAPI100069: "Check your 'client_id' and 'client_secret'; one or both are incorrect.",
  UDAPI100070: "The 'redirect_uri' does not match the registered one.",
  UDAPI100016: 'Invalid Credentials',
} as const satisfies Record<keyof typeof statusOf, string>

/** An error of the login, in the words of the error table. */
export const loginError = (code: keyof typeof wordedErrors): Answer =>
  upstoxError(statusOf[code], code, wordedErrors[code])

export const notForExtended = (): Answer =>
  upstoxError(403, 'UDAPI100067', 'The API you are trying to access is not permitted with an extended_token')
export const notAcceptable = (): Answer => upstoxError(406, 'UDAPI100036', 'Invalid Input', 'Accept')

const refusals: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  no_path: [404, 'UDAPI100060', 'Resource not Found.'],
  no_method: [405, 'UDAPI10000', 'This request is not supported by Upstox API'],
  dead_token: [401, 'UDAPI100050', 'Invalid token used to access API'],
  rate_limited: [429, 'UDAPI10005', 'Too Many Request Sent'],
  ip_refused: [403, 'UDAPI1154', 'configured static IP (192.0.2.1) does not match origin IP (127.0.0.1)'],
  ip_unset: [403, 'UDAPI1154', 'No static IP has been configured'],
}

export function upstoxRefusal(
  why: Refusal,
  { isOrder = false, status = 500 }: { readonly isOrder?: boolean; readonly status?: number },
): Answer {
  const known = refusals[why]
  if (known) return upstoxError(...known)
  if (why === 'unknown_app') return loginError('UDAPI100068')
  if (why === 'not_enabled') return loginError(notEnabledCode)
  if (why === 'unavailable')
    return upstoxError(status, 'UDAPI100500', 'Something went wrong... please contact us')
  const [code, service] = isOrder ? ['UDAPI100074', 'Order'] : ['UDAPI100072', 'Funds']
  return upstoxError(423, code, `The ${service} service is accessible from 5:30 AM to 12:00 AM IST daily`)
}
