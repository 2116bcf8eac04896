import { nextIst } from '../../core/ist.ts'
import { type Answer, jsonAnswer } from '../answer.ts'
import { textOf } from '../call.ts'
import type { GuardedVisit, Visit } from '../module.ts'
import type { SimulatedSession } from '../sessions.ts'
import { uuid } from '../tokens.ts'
import type { World } from '../world.ts'
import { loginError, notAcceptable, upstoxError, upstoxSuccess } from './errors.ts'
import { profileOf } from './portfolio.ts'

/** "A token created at 2:30 AM on Wednesday will still expire at 3:30 AM on the same Wednesday." */
export const dayEnds = '03:30'
/** The read-only tokens, one for each app and user; they outlive sessions, logins and logouts. */
export const extendedKind = 'extended'
const extendedDays = 365

/** Required fields of the exchange and what a missing one is called. */
const required = [
  ['client_id', 'UDAPI1017', 'API Key is required'],
  ['redirect_uri', 'UDAPI1018', 'Redirect URI is required'],
  ['code', 'UDAPI1022', 'Code is required'],
  ['grant_type', 'UDAPI1023', 'Grant type is required'],
  ['client_secret', 'UDAPI1024', 'API secret is required'],
] as const

/**
 * `POST /v2/login/authorization/token`: a code for a session, which kills the user's session before. The code is
 * spent "regardless of whether the access token generation succeeds".
 */
export function exchange({ world, call }: Visit): Answer {
  const given = (name: string) => textOf(call.fields, name)
  if (!acceptsJson(call.headers.accept)) return notAcceptable()
  const issued = world.codes.take(given('code'))
  const missing = required.find(([field]) => !given(field))
  if (missing) return upstoxError(400, missing[1], missing[2], missing[0])
  if (given('grant_type') !== 'authorization_code')
    return upstoxError(400, 'UDAPI1023', 'Grant type is required', 'grant_type', given('grant_type'))
  const app = world.apps.get(given('client_id'))
  if (!app || app.apiSecret !== given('client_secret')) return loginError('UDAPI100069')
  if (app.redirectUrl !== given('redirect_uri')) return loginError('UDAPI100070')
  if (issued?.apiKey !== app.apiKey) return loginError('UDAPI100057')
  const { apiKey } = app
  const user = world.granteeOf(call, issued.userId)
  const { userId } = user
  const { accessToken } = openAccess(world, apiKey, userId)
  const like = { kind: extendedKind, apiKey, userId }
  if (given('refresh_extended_token') === 'true') world.sessions.end(like)
  const extended = world.sessions.find(like) ?? openExtended(world, like)
  // flat, without the usual envelope
  return jsonAnswer(200, {
    ...profileOf(user),
    access_token: accessToken,
    extended_token: extended.accessToken,
  })
}

/** A new session, which kills the one before. */
export function openAccess(world: World, apiKey: string, userId: string): SimulatedSession {
  const accessToken = makeToken(world, userId, nextIst(dayEnds, world.now()))
  return world.openSession({ apiKey, userId, accessToken })
}

/** `DELETE /v2/logout` */
export function logOut({ world, session }: GuardedVisit): Answer {
  world.sessions.end({ kind: 'access', apiKey: session.apiKey })
  return upstoxSuccess(true)
}

function openExtended(world: World, like: { kind: string; apiKey: string; userId: string }) {
  const expiresAt = nextIst(dayEnds, world.now().add({ hours: 24 * extendedDays }))
  const accessToken = makeToken(world, like.userId, expiresAt, { isExtended: true })
  return world.openSession({ ...like, accessToken, expiresAt })
}

function makeToken(world: World, userId: string, expiresAt: Temporal.Instant, more = {}): string {
  return world.jwt({
    sub: userId,
    jti: uuid(world.random),
    isMultiClient: false,
    isPlusPlan: false,
    ...more,
    iat: Math.floor(world.now().epochMilliseconds / 1000),
    iss: 'udapi-gateway-service',
    exp: Math.floor(expiresAt.epochMilliseconds / 1000),
  })
}

/** The exchange insists on JSON: any other `Accept` is a 406. */
function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || /(application\/json|application\/\*|\*\/\*)/.test(accept)
}
