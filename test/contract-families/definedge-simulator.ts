import { createHash } from 'node:crypto'
import {
  type Answer,
  jsonAnswer,
  opaqueToken,
  type SimulatedBrokerModule,
  textOf,
} from '../../src/simulator/index.ts'

const notOk = (emsg: string, status = 200): Answer => jsonAnswer(status, { stat: 'Not_Ok', emsg })

/** Definedge: the first call sends an OTP to the client’s phone, the second one proves it with the app’s secret. */
export const simulator: SimulatedBrokerModule = {
  id: 'definedge',
  name: 'Definedge INTEGRATE',
  hostRoles: ['signin', 'api'],
  demoUser: {
    userId: 'DE0001',
    password: 'demo-definedge',
    totpSeed: 'MRSWM2LOMRSWM2LOMRSWM2LOMRSWM2LO',
    name: 'Demo User',
    email: 'demo.definedge@example.com',
  },
  dayEnds: '00:00',
  liveSessions: 'many',
  codeTtlMs: 3 * 60_000,
  exchanges: ['POST /auth/realms/debroking/dsbpkc/token'],
  orders: ['POST /dart/v1/placeorder', 'POST /dart/v1/modify', 'GET /dart/v1/cancel/*'],
  open: {
    'GET /auth/realms/debroking/dsbpkc/login/:apiKey': ({ world, call, params }) => {
      const app = world.apps.get(params.apiKey ?? '')
      if (!app || app.apiSecret !== call.headers.api_secret) return notOk('Invalid API token or secret', 401)
      const { userId } = world.personOf(app)
      const otpToken = opaqueToken(world.random, 32)
      world.codes.issue(otpToken, { apiKey: app.apiKey, userId })
      world.sendCode(userId)
      return jsonAnswer(200, { otp_token: otpToken, message: 'OTP sent' })
    },
    'POST /auth/realms/debroking/dsbpkc/token': ({ world, call }) => {
      const [otpToken, otp] = [textOf(call.fields, 'otp_token'), textOf(call.fields, 'otp')]
      const sent = world.codes.take(otpToken)
      const app = sent && world.apps.get(sent.apiKey)
      if (!app) return notOk('Invalid or expired OTP token')
      if (world.codeSentTo(sent.userId) !== otp) return notOk('Invalid OTP')
      const proof = createHash('sha256')
        .update(otpToken + otp + app.apiSecret)
        .digest('hex')
      if (textOf(call.fields, 'ac') !== proof) return notOk('Invalid checksum')
      const { apiKey } = app
      const { userId } = world.granteeOf(call, sent.userId)
      const accessToken = opaqueToken(world.random, 64)
      world.openSession({ apiKey, userId, accessToken })
      const susertoken = opaqueToken(world.random, 64)
      return jsonAnswer(200, {
        stat: 'Ok',
        uid: userId,
        actid: userId,
        api_session_key: accessToken,
        susertoken,
      })
    },
  },
  guarded: {
    'GET /dart/v1/limits': () => jsonAnswer(200, { status: 'SUCCESS', cash: '0.00' }),
    'POST /dart/v1/placeorder': () => jsonAnswer(200, { status: 'SUCCESS', order_id: '22110900000001' }),
  },
  tokenOf: ({ headers }) =>
    headers.authorization ? { kind: 'access', accessToken: headers.authorization } : undefined,
  refuse(why, { status = 500 }) {
    if (why === 'dead_token') return notOk('Session expired', 401)
    if (why === 'ip_refused' || why === 'ip_unset') return notOk('Unauthorized', 401)
    return notOk(
      'The service is not available',
      why === 'rate_limited' ? 429 : why === 'unavailable' ? status : 404,
    )
  },
}
