import { nextIst } from '../../src/core/ist.ts'
import {
  type Answer,
  type Call,
  jsonAnswer,
  opaqueToken,
  type SimulatedBrokerModule,
  sendBack,
  textOf,
  totpMatches,
  type World,
} from '../../src/simulator/index.ts'

const refusal = (status: number, errorCode: string, errorMessage: string): Answer =>
  jsonAnswer(status, { errorType: 'Invalid_Authentication', errorCode, errorMessage })

/** The app that the two headers prove. */
function appOf(world: World, { headers }: Call) {
  const app = world.apps.get(headers.app_id ?? '')
  return app?.apiSecret === headers.app_secret ? app : undefined
}

/** A JWT of 24 hours, and its end in Indian time without a zone. */
function grant(world: World, call: Call, apiKey: string, userId: string): Answer {
  const user = world.granteeOf(call, userId)
  const expiresAt = world.now().add({ hours: 24 })
  const exp = Math.floor(expiresAt.epochMilliseconds / 1000)
  const accessToken = world.jwt({ dhanClientId: user.userId, exp, jti: opaqueToken(world.random, 8) })
  world.openSession({ apiKey, userId: user.userId, accessToken, expiresAt })
  const expiryTime = expiresAt.toZonedDateTimeISO('Asia/Kolkata').toPlainDateTime().toString()
  return jsonAnswer(200, {
    dhanClientId: user.userId,
    dhanClientName: user.name,
    accessToken,
    expiryTime: expiryTime.slice(0, 19),
  })
}

/** Dhan: a consent before the login page, which brings no state back; or PIN and TOTP. */
export const simulator: SimulatedBrokerModule = {
  id: 'dhan',
  name: 'Dhan',
  hostRoles: ['auth', 'api'],
  demoUser: {
    userId: '1100003626',
    password: 'demo-dhan',
    pin: '482913',
    totpSeed: 'NBSWY3DPNBSWY3DPNBSWY3DPNBSWY3DP',
    name: 'Demo User',
    email: 'demo.dhan@example.com',
  },
  dayEnds: '00:00',
  liveSessions: 'one per app',
  codeTtlMs: 5 * 60_000,
  exchanges: ['POST /app/consumeApp-consent', 'POST /app/generateAccessToken'],
  orders: ['POST /v2/orders', 'POST /v2/orders/slicing', 'PUT /v2/orders/*', 'DELETE /v2/orders/*'],
  accountOf: ({ userId, pin = '', totpSeed }) => ({ clientId: userId, pin, totpSeed }),
  login: {
    path: '/login/consentApp-login',
    accent: '#1c6e5a',
    open({ world, call }) {
      const consent = world.codes.get(`consent ${textOf(call.query, 'consentAppId')}`)
      const app = consent && world.apps.get(consent.apiKey)
      return app ? { app, onlyUserId: consent.userId } : refusal(400, 'DH-901', 'Invalid consent')
    },
    granted: (world, app, login) => sendBack(world, app, login, 36, (tokenId) => [['tokenId', tokenId]]),
    cancelled: () => [],
  },
  open: {
    'POST /app/generate-consent': ({ world, call }) => {
      const app = appOf(world, call)
      const user = world.users.get(textOf(call.query, 'client_id'))
      if (!app || !user) return refusal(401, 'DH-901', 'Client ID, app id or secret is invalid')
      const consentAppId = opaqueToken(world.random, 36)
      world.codes.issue(`consent ${consentAppId}`, { apiKey: app.apiKey, userId: user.userId })
      return jsonAnswer(200, { consentAppId, consentAppStatus: 'GENERATED', status: 'success' })
    },
    'POST /app/consumeApp-consent': ({ world, call }) => {
      const app = appOf(world, call)
      const consented = world.codes.take(textOf(call.query, 'tokenId'))
      if (!app || consented?.apiKey !== app.apiKey) return refusal(401, 'DH-901', 'Invalid token id')
      return grant(world, call, app.apiKey, consented.userId)
    },
    'POST /app/generateAccessToken': ({ world, call }) => {
      const user = world.users.get(textOf(call.query, 'dhanClientId'))
      if (user?.pin !== textOf(call.query, 'pin')) return refusal(401, 'DH-901', 'Invalid Pin')
      if (!totpMatches(user.totpSeed, textOf(call.query, 'totp'), world.now()))
        return refusal(401, 'DH-901', 'Invalid TOTP')
      return grant(world, call, `web ${user.userId}`, user.userId)
    },
  },
  guarded: {
    'GET /v2/profile': ({ session, world }) =>
      jsonAnswer(200, {
        dhanClientId: session.userId,
        tokenValidity: nextIst('00:00', world.now()).toString(),
      }),
    'POST /v2/orders': () => jsonAnswer(200, { orderId: '112111182198', orderStatus: 'PENDING' }),
  },
  tokenOf({ headers }) {
    const accessToken = headers['access-token']
    return accessToken ? { kind: 'access', accessToken } : undefined
  },
  refuse(why, { status = 500 }) {
    if (why === 'dead_token') return refusal(401, '807', 'Access token is expired')
    if (why === 'rate_limited') return refusal(429, 'DH-904', 'Too many requests')
    if (why === 'ip_refused' || why === 'ip_unset') return refusal(401, 'DH-911', 'Invalid IP')
    if (why === 'not_enabled') return refusal(400, 'DH-902', 'This client has not given this consent')
    return refusal(why === 'unavailable' ? status : 404, 'DH-905', 'The service is not available')
  },
}
