import { createHash } from 'node:crypto'
import { nextIst, toIstText } from '../../core/ist.ts'
import type { Answer } from '../answer.ts'
import type { SimulatedApp } from '../apps.ts'
import { type Call, textOf } from '../call.ts'
import type { SimulatedSession } from '../sessions.ts'
import { opaqueToken } from '../tokens.ts'
import type { SimulatedUser } from '../users.ts'
import type { World } from '../world.ts'
import { badChecksum, badGrant, deadToken, inputError, kiteSuccess, unknownApp } from './errors.ts'
import { profileOf } from './portfolio.ts'
import { rotatesRefreshToken } from './unverified.ts'

/** "It'll expire at 6 AM on the next day (regulatory requirement)": kite.trade/docs/connect/v3/user */
const dayEnds = '06:00'

/** The refresh tokens of approved apps, by app: one each, until the next login or an explicit end. */
export type RefreshTokens = Map<string, { readonly token: string; readonly userId: string }>

/** `POST /session/token`: request_token and checksum for a session; it kills the app's session before. */
export function exchange(world: World, refreshTokens: RefreshTokens, call: Call): Answer {
  const read = readSigned(world, call, 'request_token')
  if ('refused' in read) return read.refused
  const issued = world.codes.take(read.token)
  if (issued?.apiKey !== read.app.apiKey) return badGrant()
  const user = call.grantsWrongUser ? world.users.otherThan(issued.userId) : world.users.get(issued.userId)!
  const session = open(world, read.app, user)
  const refreshToken = read.app.approvedForRefresh ? opaqueToken(world.random, 32) : ''
  refreshTokens.delete(read.app.apiKey)
  if (refreshToken) refreshTokens.set(read.app.apiKey, { token: refreshToken, userId: user.userId })
  return kiteSuccess({
    ...profileOf(user),
    api_key: read.app.apiKey,
    access_token: session.accessToken,
    public_token: opaqueToken(world.random, 32),
    enctoken: `${opaqueToken(world.random, 86)}==`,
    refresh_token: refreshToken,
    silo: '',
    login_time: toIstText(session.issuedAt),
  })
}

/** `POST /session/refresh_token`, for approved apps only. */
export function renew(world: World, refreshTokens: RefreshTokens, call: Call): Answer {
  const read = readSigned(world, call, 'refresh_token')
  if ('refused' in read) return read.refused
  const known = refreshTokens.get(read.app.apiKey)
  if (known?.token !== read.token) return badGrant()
  const session = open(world, read.app, world.users.get(known.userId)!)
  const token = rotatesRefreshToken ? opaqueToken(world.random, 32) : known.token
  refreshTokens.set(read.app.apiKey, { token, userId: known.userId })
  return kiteSuccess({ user_id: known.userId, access_token: session.accessToken, refresh_token: token })
}

/** `DELETE /session/token?api_key=…&access_token=…` (or `refresh_token=…`). */
export function endSession(world: World, refreshTokens: RefreshTokens, call: Call): Answer {
  const apiKey = textOf(call.query, 'api_key')
  const refreshToken = textOf(call.query, 'refresh_token')
  if (refreshToken) {
    if (refreshTokens.get(apiKey)?.token !== refreshToken) return deadToken()
    refreshTokens.delete(apiKey)
    return kiteSuccess(true)
  }
  if (world.sessions.find(textOf(call.query, 'access_token'))?.apiKey !== apiKey) return deadToken()
  world.sessions.kill(apiKey)
  return kiteSuccess(true)
}

/** The live session of `Authorization: token api_key:access_token`. */
export function authenticate(world: World, call: Call): SimulatedSession | undefined {
  const [, apiKey, accessToken] = /^token ([^:]+):(.+)$/.exec(call.headers.authorization ?? '') ?? []
  const session = world.sessions.find(accessToken ?? '')
  return session?.apiKey === apiKey ? session : undefined
}

function open(world: World, app: SimulatedApp, user: SimulatedUser): SimulatedSession {
  const issuedAt = world.now()
  const session = {
    apiKey: app.apiKey,
    userId: user.userId,
    accessToken: opaqueToken(world.random, 32),
    issuedAt,
    expiresAt: nextIst(dayEnds, issuedAt),
  }
  world.sessions.open(session)
  return session
}

type Signed = { readonly app: SimulatedApp; readonly token: string } | { readonly refused: Answer }

/** `api_key`, the token, and `checksum` = hex sha256(api_key + token + api_secret). */
function readSigned(world: World, call: Call, name: 'request_token' | 'refresh_token'): Signed {
  for (const field of ['api_key', name, 'checksum']) {
    if (!textOf(call.fields, field)) return { refused: inputError(`Missing or empty field \`${field}\``) }
  }
  const app = world.apps.get(textOf(call.fields, 'api_key'))
  if (!app) return { refused: unknownApp() }
  const token = textOf(call.fields, name)
  const checksum = createHash('sha256')
    .update(app.apiKey + token + app.apiSecret)
    .digest('hex')
  return checksum === textOf(call.fields, 'checksum') ? { app, token } : { refused: badChecksum() }
}
