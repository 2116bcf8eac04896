import { nextIst } from '../../src/core/ist.ts'
import {
  type Answer,
  jsonAnswer,
  opaqueToken,
  type SimulatedBrokerModule,
  textOf,
  totpMatches,
  type World,
} from '../../src/simulator/index.ts'

/** Angel One refuses with `HTTP 200` and an error code. Those of a wrong PIN, code, app or address are guesses. */
const refusal = (errorCode: string, message: string): Answer =>
  jsonAnswer(200, { success: false, message, errorCode, data: '' })
const success = (data: unknown): Answer =>
  jsonAnswer(200, { status: true, message: 'SUCCESS', errorcode: '', data })

/** A JWT until midnight, and the refresh token that renews it. */
function grant(world: World, apiKey: string, userId: string): Answer {
  const exp = nextIst('00:00', world.now()).epochMilliseconds / 1000
  const jwtToken = world.jwt({ username: userId, exp, jti: opaqueToken(world.random, 8) })
  const refreshToken = opaqueToken(world.random, 32)
  world.openSession({ apiKey, userId, accessToken: jwtToken })
  world.openSession({ apiKey, userId, accessToken: refreshToken, kind: 'refresh' })
  const feedToken = opaqueToken(world.random, 32)
  return success({ jwtToken: `Bearer ${jwtToken}`, refreshToken, feedToken })
}

/** Angel One: one call with client code, PIN and TOTP, no browser. */
export const simulator: SimulatedBrokerModule = {
  id: 'angel',
  name: 'Angel One',
  hostRoles: ['api'],
  demoUser: {
    userId: 'D12345',
    password: 'demo-angel',
    pin: '1234',
    totpSeed: 'MFXGOZLMMFXGOZLMMFXGOZLMMFXGOZLM',
    name: 'Demo User',
    email: 'demo.angel@example.com',
  },
  dayEnds: '00:00',
  liveSessions: 'many',
  codeTtlMs: 60_000,
  exchanges: ['POST /rest/auth/angelbroking/user/v1/loginByPassword'],
  orders: ['POST /rest/secure/angelbroking/order/v1/*'],
  accountOf: ({ userId, pin = '', totpSeed }) => ({
    clientCode: userId,
    pin,
    totpSeed,
    localIp: '192.168.1.2',
    publicIp: '203.0.113.7',
    macAddress: '02:00:00:00:00:01',
  }),
  open: {
    'POST /rest/auth/angelbroking/user/v1/loginByPassword': ({ world, call }) => {
      const apiKey = call.headers['x-privatekey'] ?? ''
      if (!world.apps.get(apiKey)) return refusal('AG8004', 'Invalid API Key')
      const user = world.users.get(textOf(call.fields, 'clientcode'))
      if (user?.pin !== textOf(call.fields, 'password')) return refusal('AB1048', 'Invalid clientcode or PIN')
      if (!totpMatches(user.totpSeed, textOf(call.fields, 'totp'), world.now()))
        return refusal('AB1050', 'Invalid totp')
      return grant(world, apiKey, world.granteeOf(call, user.userId).userId)
    },
  },
  guarded: {
    'GET /rest/secure/angelbroking/user/v1/getProfile': ({ user }) =>
      success({ clientcode: user.userId, name: user.name }),
    'POST /rest/auth/angelbroking/jwt/v1/generateTokens': ({ world, call, session }) => {
      const accessToken = textOf(call.fields, 'refreshToken')
      const isLive = world.sessions.end({ kind: 'refresh', userId: session.userId, accessToken })
      return isLive
        ? grant(world, session.apiKey, session.userId)
        : refusal('AB8050', 'Invalid refresh token')
    },
    'POST /rest/secure/angelbroking/user/v1/logout': ({ world, session }) => {
      world.sessions.end({ apiKey: session.apiKey, userId: session.userId })
      return success('')
    },
    'POST /rest/secure/angelbroking/order/v1/placeOrder': () => success({ orderid: '201020000000080' }),
  },
  tokenOf({ headers }) {
    const [, accessToken] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
    return accessToken ? { kind: 'access', accessToken } : undefined
  },
  refuse(why, { status = 500 }) {
    if (why === 'dead_token') return refusal('AG8001', 'Invalid Token')
    if (why === 'rate_limited')
      return jsonAnswer(403, { message: 'Access denied because of exceeding rate limit' })
    if (why === 'ip_refused' || why === 'ip_unset') return refusal('AG7002', 'IP address is not registered')
    return jsonAnswer(why === 'unavailable' ? status : 404, { message: 'The service is not available.' })
  },
}
