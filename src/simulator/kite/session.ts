import { createHash } from 'node:crypto'
import { toIstText } from '../../core/ist.ts'
import type { Answer } from '../answer.ts'
import type { SimulatedApp } from '../apps.ts'
import { textOf } from '../call.ts'
import type { RouteTable, Visit } from '../module.ts'
import { opaqueToken } from '../tokens.ts'
import type { World } from '../world.ts'
import { badChecksum, badGrant, inputError, kiteRefusal, kiteSuccess } from './errors.ts'
import { profileOf } from './portfolio.ts'
import { rotatesRefreshToken } from './unverified.ts'

export const sessionRoutes: RouteTable<Visit> = {
  'POST /session/token': exchange,
  'DELETE /session/token': endSession,
  'POST /session/refresh_token': renew,
}

/** The refresh tokens of approved apps: one each, until the next login or an explicit end. */
const refreshKind = 'refresh'
const noEnd = Temporal.Instant.from('9999-01-01T00:00:00Z')

/** request_token and checksum for a session; it kills the app's session before. */
function exchange(visit: Visit): Answer {
  const { world, call } = visit
  const read = readSigned(visit, 'request_token')
  if ('body' in read) return read
  const { app } = read
  const issued = world.codes.take(read.token)
  if (issued?.apiKey !== app.apiKey) return badGrant()
  const user = world.granteeOf(call, issued.userId)
  const { apiKey } = app
  const { userId } = user
  const session = world.openSession({ apiKey, userId, accessToken: opaqueToken(world.random, 32) })
  world.sessions.end({ kind: refreshKind, apiKey })
  return kiteSuccess({
    ...profileOf(user),
    api_key: apiKey,
    access_token: session.accessToken,
    public_token: opaqueToken(world.random, 32),
    enctoken: `${opaqueToken(world.random, 86)}==`,
    refresh_token: app.approvedForRefresh ? newRefreshToken(world, apiKey, userId) : '',
    silo: '',
    login_time: toIstText(session.issuedAt),
  })
}

/** For approved apps only. */
function renew(visit: Visit): Answer {
  const { world } = visit
  const read = readSigned(visit, 'refresh_token')
  if ('body' in read) return read
  const { apiKey } = read.app
  const known = world.sessions.find({ kind: refreshKind, apiKey, accessToken: read.token })
  if (!known) return badGrant()
  const { userId } = known
  const { accessToken } = world.openSession({
    apiKey,
    userId,
    accessToken: opaqueToken(world.random, 32),
  })
  if (rotatesRefreshToken) world.sessions.end({ kind: refreshKind, apiKey })
  const token = rotatesRefreshToken ? newRefreshToken(world, apiKey, userId) : read.token
  return kiteSuccess({ user_id: userId, access_token: accessToken, refresh_token: token })
}

/** `?api_key=…&access_token=…` (or `refresh_token=…`). */
function endSession({ world, call }: Visit): Answer {
  const apiKey = textOf(call.query, 'api_key')
  const refreshToken = textOf(call.query, 'refresh_token')
  const accessToken = textOf(call.query, 'access_token')
  const wasLive = refreshToken
    ? world.sessions.end({ kind: refreshKind, apiKey, accessToken: refreshToken })
    : world.sessions.end({ kind: 'access', apiKey, accessToken })
  return wasLive ? kiteSuccess(true) : kiteRefusal('dead_token')
}

function newRefreshToken(world: World, apiKey: string, userId: string): string {
  const accessToken = opaqueToken(world.random, 32)
  world.openSession({ kind: refreshKind, apiKey, userId, accessToken, expiresAt: noEnd })
  return accessToken
}

/** `api_key`, the token, and `checksum` = hex sha256(api_key + token + api_secret). */
function readSigned(
  { world, call }: Visit,
  name: 'request_token' | 'refresh_token',
): { readonly app: SimulatedApp; readonly token: string } | Answer {
  for (const field of ['api_key', name, 'checksum']) {
    if (!textOf(call.fields, field)) return inputError(`Missing or empty field \`${field}\``)
  }
  const app = world.apps.get(textOf(call.fields, 'api_key'))
  if (!app) return kiteRefusal('unknown_app')
  const token = textOf(call.fields, name)
  const checksum = createHash('sha256')
    .update(app.apiKey + token + app.apiSecret)
    .digest('hex')
  return checksum === textOf(call.fields, 'checksum') ? { app, token } : badChecksum()
}
