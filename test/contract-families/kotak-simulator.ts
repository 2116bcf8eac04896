import { createHash } from 'node:crypto'
import {
  type Answer,
  type Call,
  jsonAnswer,
  opaqueToken,
  type SimulatedBrokerModule,
  type SimulatedUser,
  textOf,
  totpMatches,
  type World,
} from '../../src/simulator/index.ts'

const refusal = (status: number, code: string, message: string): Answer =>
  jsonAnswer(status, { status: 'error', error: [{ code, message }] })
const notOk = (stCode: number, errMsg: string): Answer => jsonAnswer(200, { stat: 'Not_Ok', stCode, errMsg })

/** Made from the client id, as everything of a simulated person is. */
const mobileOf = ({ userId }: SimulatedUser) =>
  `+91${BigInt(`0x${Buffer.from(userId).toString('hex')}`)}0000000000`.slice(0, 13)
/** The second half of every token: one without the other counts nothing. */
const sidOf = (token: string) => createHash('sha256').update(token).digest('hex').slice(0, 36)

/** The app that the dashboard’s token proves. */
const appOf = (world: World, { headers }: Call) =>
  world.apps.all().find(({ apiSecret }) => apiSecret !== '' && apiSecret === headers.authorization)

/** Kotak Neo: TOTP and a view token, then the MPIN, for a bundle with a base URL of its own. */
export const simulator: SimulatedBrokerModule = {
  id: 'kotak',
  name: 'Kotak Neo',
  hostRoles: ['login'],
  demoUser: {
    userId: 'YAB12',
    password: 'demo-kotak',
    pin: '736251',
    totpSeed: 'OJSXGZLSOJSXGZLSOJSXGZLSOJSXGZLS',
    name: 'Demo User',
    email: 'demo.kotak@example.com',
  },
  dayEnds: '00:00',
  liveSessions: 'many',
  codeTtlMs: 5 * 60_000,
  exchanges: ['POST /login/1.0/tradeApiValidate'],
  orders: ['POST /quick/order/*'],
  accountOf: (user) => ({
    ucc: user.userId,
    mobileNumber: mobileOf(user),
    mpin: user.pin ?? '',
    totpSeed: user.totpSeed,
  }),
  open: {
    'POST /login/1.0/tradeApiLogin': ({ world, call }) => {
      const app = appOf(world, call)
      if (!app) return refusal(403, '10010', 'Invalid access token')
      const user = world.users.get(textOf(call.fields, 'ucc'))
      if (!user || mobileOf(user) !== textOf(call.fields, 'mobileNumber'))
        return refusal(400, '10020', 'Mobile number and UCC do not match')
      if (!totpMatches(user.totpSeed, textOf(call.fields, 'totp'), world.now()))
        return refusal(401, '10022', 'Invalid TOTP')
      const token = world.jwt({ ucc: user.userId, kType: 'View', jti: opaqueToken(world.random, 8) })
      world.codes.issue(token, { apiKey: app.apiKey, userId: user.userId })
      return jsonAnswer(200, { data: { token, sid: sidOf(token), kType: 'View', status: 'success' } })
    },
    'POST /login/1.0/tradeApiValidate': ({ world, call }) => {
      const { auth = '', sid } = call.headers
      const viewed = world.codes.take(auth)
      if (!viewed || sid !== sidOf(auth) || viewed.apiKey !== appOf(world, call)?.apiKey)
        return refusal(401, '10030', 'Invalid view token')
      const user = world.granteeOf(call, viewed.userId)
      if (world.users.get(viewed.userId)?.pin !== textOf(call.fields, 'mpin'))
        return refusal(401, '10031', 'Invalid MPIN')
      const token = world.jwt({ ucc: user.userId, kType: 'Trade', jti: opaqueToken(world.random, 8) })
      world.openSession({ apiKey: viewed.apiKey, userId: user.userId, accessToken: token })
      const baseUrl = world.origin()
      const bundle = { token, sid: sidOf(token), rid: 'rid', baseUrl, dataCenter: 'E21', ucc: user.userId }
      return jsonAnswer(200, { data: { ...bundle, kType: 'Trade', status: 'success' } })
    },
  },
  guarded: {
    'POST /quick/user/limits': () => jsonAnswer(200, { stat: 'Ok', stCode: 200, Net: '0.00' }),
    'POST /quick/order/rule/ms/place': () =>
      jsonAnswer(200, { stat: 'Ok', stCode: 200, nOrdNo: '221109000000001' }),
  },
  tokenOf({ headers: { auth, sid } }) {
    return auth && sid === sidOf(auth) ? { kind: 'access', accessToken: auth } : undefined
  },
  refuse(why, { status = 500 }) {
    if (why === 'dead_token')
      return jsonAnswer(401, { stat: 'Not_Ok', stCode: 401, errMsg: 'Expired session' })
    if (why === 'ip_refused') return notOk(1037, 'Session and request come from two addresses')
    if (why === 'ip_unset') return notOk(100008, 'IP address is not listed')
    if (why === 'rate_limited')
      return jsonAnswer(429, { stat: 'Not_Ok', stCode: 429, errMsg: 'Too many requests' })
    return refusal(why === 'unavailable' ? status : 404, '900', 'The service is not available')
  },
}
