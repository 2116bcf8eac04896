import { createHash } from 'node:crypto'
import { objectOf, required, textOf, tokensOf, userIdOf, withHeaders } from '../../src/brokers/reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../../src/brokers/verdicts.ts'
import { defineBroker } from '../../src/contracts/broker.ts'
import { BhorError } from '../../src/core/errors.ts'

const pattern = /^[A-Za-z0-9._-]{8,8192}$/
const tokens = { access: { canOrder: true, pattern }, feed: { canOrder: false, pattern } } as const

/** The first call makes the broker send an OTP by SMS and mail; the second one asks the human for it. */
export const definedge = defineBroker({
  id: 'definedge',
  name: 'Definedge INTEGRATE',
  verifiedOn: '2026-11-21',
  console: {
    url: 'https://myaccount.definedgesecurities.com',
    registerHint: 'Create API credentials in MyAccount.',
  },
  hosts: {
    signin: 'https://signin.definedgesecurities.com',
    api: 'https://integrate.definedgesecurities.com',
  },
  app: {
    apiKey: { label: 'API token', secret: false, pattern: /^[\w-]{4,64}$/, help: 'In MyAccount.' },
    apiSecret: {
      label: 'API secret',
      secret: true,
      pattern: /^[\w-]{4,128}$/,
      help: 'Beside the API token.',
    },
  },
  account: {},
  userId: { label: 'User id', secret: false, pattern: /^[A-Z0-9]{2,12}$/, help: 'In the profile.' },
  logins: [
    {
      kind: 'direct',
      steps: [
        {
          name: 'send otp',
          request: ({ app }) => ({
            method: 'GET',
            host: 'signin',
            path: `/auth/realms/debroking/dsbpkc/login/${encodeURIComponent(required(app, 'apiKey'))}`,
            headers: { api_secret: required(app, 'apiSecret') },
          }),
          read: ({ json }) => {
            const otpToken = textOf(objectOf(json)?.otp_token)
            if (!otpToken || otpToken.length > 512)
              throw new BhorError('bad_token_shape', 'Definedge sent no OTP token.')
            return { carry: { otpToken } }
          },
        },
        {
          name: 'check otp',
          asks: [{ name: 'otp', label: 'Code from the SMS', kind: 'otp' }],
          request: ({ app, vars }) => {
            const [otpToken, otp] = [required(vars, 'otpToken'), required(vars, 'otp')]
            const ac = createHash('sha256')
              .update(otpToken + otp + required(app, 'apiSecret'))
              .digest('hex')
            return {
              method: 'POST',
              host: 'signin',
              path: '/auth/realms/debroking/dsbpkc/token',
              body: { json: { otp_token: otpToken, otp, ac } },
            }
          },
          read: ({ json }) => {
            const data = objectOf(json) ?? {}
            return {
              grant: {
                tokens: tokensOf('Definedge', tokens, {
                  access: data.api_session_key,
                  feed: data.susertoken,
                }),
                userId: userIdOf('Definedge', data.uid),
              },
            }
          },
        },
      ],
    },
  ],
  tokens,
  handsOut: 'token',
  // Daily; the hour is documented nowhere, so the earliest one counts.
  expiry: { kind: 'daily_at', time: '00:00' },
  addressCheck: 'session',
  liveSessions: 'many',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/dart/v1/limits' }),
    // The limits name nobody; the login did.
    read: ({ json }) => {
      if (!objectOf(json)) throw new BhorError('bad_token_shape', 'Definedge sent no limits.')
      return { userId: '' }
    },
  },
  sign: (request, session) => withHeaders(request, { authorization: required(session.tokens, 'access') }),
  classify(reply, at) {
    const body = objectOf(reply.json)
    const said = { message: textOf(body?.emsg) ?? textOf(body?.message) }
    const decided = kindOfStatus(reply.status) ?? (body ? undefined : 'transient')
    if (decided) return verdictOf(decided, reply, said)
    if (isSuccessStatus(reply.status) && body?.stat !== 'Not_Ok') return verdictOf('ok', reply, said)
    // A wrong key and an unregistered address get the same 401; at the login both need the console.
    if (reply.status === 401) return verdictOf(isLogin(at) ? 'app_invalid' : 'expired', reply, said)
    return verdictOf(isLogin(at) && isSuccessStatus(reply.status) ? 'bad_grant' : 'rejected', reply, said)
  },
  orders: ['POST /dart/v1/placeorder', 'POST /dart/v1/modify', 'GET /dart/v1/cancel/*'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
})
