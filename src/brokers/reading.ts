import type { BrokerReply, Grant, Profile, TokenSpec, Values } from '../contracts/broker.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

/** No broker's token is longer; more is somebody's page, not a token. */
export const longestToken = 8192
const longestRetryAfterDigits = 5

/** A JSON object, or nothing: neither an array nor `null` nor a plain value. */
export function objectOf(json: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : undefined
}

/** A text that says something: not empty, not another type. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A value that the caller's own rules promise. @throws BhorError `internal` */
export function required(values: Values, name: string): string {
  const value = values[name]
  if (value) return value
  throw new BhorError('internal', `The value ${name} is missing where a request to the broker needs it.`)
}

/**
 * The tokens of a reply by kind. Brokers send `""` for kinds that they do not give; those are left out.
 *
 * @throws BhorError `bad_token_shape` without the token, which may still be a live one in wrong clothes
 */
export function tokensOf(
  brokerName: string,
  specs: Readonly<Record<string, TokenSpec>>,
  sent: Readonly<Record<string, unknown>>,
): Values {
  const { tokens, leftOut = [] } = grantedTokens(brokerName, specs, sent)
  for (const kind of leftOut) throw oddToken(brokerName, kind, sent[kind])
  return tokens
}

/**
 * The same for a broker whose session is its access token alone: what is odd beside that one costs no login.
 *
 * @throws BhorError `bad_token_shape` without the access token
 */
export function grantedTokens(
  brokerName: string,
  specs: Readonly<Record<string, TokenSpec>>,
  sent: Readonly<Record<string, unknown>>,
): Pick<Grant, 'tokens' | 'leftOut'> {
  const tokens: Record<string, string> = {}
  const leftOut: string[] = []
  for (const [kind, spec] of Object.entries(specs)) {
    const value = sent[kind]
    if (value === undefined || value === null || value === '') continue
    if (typeof value === 'string' && value.length <= longestToken && spec.pattern.test(value))
      tokens[kind] = value
    else if (kind === 'access') throw oddToken(brokerName, kind, value)
    else leftOut.push(kind)
  }
  if (!tokens.access) throw new BhorError('bad_token_shape', `${brokerName} sent no access token.`)
  return { tokens, ...(leftOut.length > 0 ? { leftOut } : {}) }
}

function oddToken(brokerName: string, kind: string, value: unknown): BhorError {
  const what = typeof value === 'string' ? `${value.length} characters` : `a JSON ${typeof value}`
  return new BhorError(
    'bad_token_shape',
    `${brokerName} sent a token of kind ${kind} in a shape that no token has (${what}).`,
  )
}

/** The broker's id of a person. @throws BhorError `bad_token_shape`: without it nobody knows whose session this is */
export function userIdOf(brokerName: string, value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]{1,40}$/.test(value)) return value
  throw new BhorError('bad_token_shape', `${brokerName} did not say whose session this is.`)
}

/**
 * A profile as Kite and Upstox both spell it. What is missing or of another type is left out; texts are made
 * printable, because a name can hold anything.
 */
export function profileOf(brokerName: string, data: Readonly<Record<string, unknown>>): Profile {
  const texts = {
    userName: 'user_name',
    userShortname: 'user_shortname',
    email: 'email',
    userType: 'user_type',
    broker: 'broker',
  }
  const lists = { exchanges: 'exchanges', products: 'products', orderTypes: 'order_types' }
  const profile: Record<string, string | readonly string[]> = {}
  for (const [field, name] of Object.entries(texts)) {
    const text = printable(textOf(data[name]) ?? '', 120)
    if (text) profile[field] = text
  }
  for (const [field, name] of Object.entries(lists)) {
    const list = data[name]
    if (Array.isArray(list))
      profile[field] = list.flatMap((item) => (textOf(item) ? [printable(item, 40)] : []))
  }
  return { ...profile, userId: userIdOf(brokerName, data.user_id) }
}

/** `Retry-After` in seconds; its other form, a date, would need a clock. */
export function retryAfterMs(reply: BrokerReply): number | undefined {
  const text = reply.headers['retry-after']?.trim() ?? ''
  return /^\d+$/.test(text) && text.length <= longestRetryAfterDigits ? Number(text) * 1000 : undefined
}

/** Adds `extra` to a request's headers, and keeps everything else as it is. */
export function withHeaders<Request extends { readonly headers?: Values }>(
  request: Request,
  extra: Values,
): Request {
  return { ...request, headers: { ...request.headers, ...extra } }
}
