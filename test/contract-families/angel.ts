import { objectOf, required, textOf, tokensOf, userIdOf, withHeaders } from '../../src/brokers/reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../../src/brokers/verdicts.ts'
import {
  type BrokerRequest,
  defineBroker,
  type SignContext,
  type Values,
} from '../../src/contracts/broker.ts'
import { BhorError } from '../../src/core/errors.ts'

const jwt = /^[A-Za-z0-9._-]{8,8192}$/
const tokens = {
  access: { canOrder: true, pattern: jwt },
  refresh: { canOrder: false, pattern: jwt, internal: true },
  feed: { canOrder: false, pattern: jwt },
} as const

/** Angel wants to know the machine on every call, the login included. */
const machineHeaders = (app: Values, account: Values): Values => ({
  'x-usertype': 'USER',
  'x-sourceid': 'WEB',
  'x-clientlocalip': required(account, 'localIp'),
  'x-clientpublicip': required(account, 'publicIp'),
  'x-macaddress': required(account, 'macAddress'),
  'x-privatekey': required(app, 'apiKey'),
})

const sign = (request: BrokerRequest, session: SignContext): BrokerRequest =>
  withHeaders(request, {
    ...machineHeaders(session.app, session.account),
    authorization: `Bearer ${required(session.tokens, 'access')}`,
  })

function grantOf(json: unknown) {
  const data = objectOf(objectOf(json)?.data) ?? {}
  // The JWT comes with and without its scheme.
  const access = textOf(data.jwtToken)?.replace(/^Bearer /, '')
  return {
    tokens: tokensOf('Angel One', tokens, { access, refresh: data.refreshToken, feed: data.feedToken }),
  }
}

/** `HTTP 200` and an error code is how Angel says that a session is over. */
const deadCodes = ['AG8001', 'AG8002', 'AG8003', 'AB1010', 'AB1011']
const badGrantCodes = ['AB8050', 'AB8051']

/** One call, no browser: client code, PIN and TOTP. */
export const angel = defineBroker({
  id: 'angel',
  name: 'Angel One SmartAPI',
  verifiedOn: '2026-11-21',
  console: { url: 'https://smartapi.angelone.in', registerHint: 'Create an app and copy its API key.' },
  hosts: { api: 'https://apiconnect.angelone.in' },
  app: { apiKey: { label: 'API key', secret: false, pattern: /^\w{4,64}$/, help: 'On the app’s page.' } },
  account: {
    pin: {
      label: 'PIN',
      secret: true,
      pattern: /^\d{4,6}$/,
      help: 'The PIN of the mobile app.',
      optional: true,
    },
    totpSeed: {
      label: 'TOTP seed',
      secret: true,
      pattern: /^[A-Z2-7]{16,64}$/,
      help: 'The text under the QR code.',
      optional: true,
    },
    clientCode: { label: 'Client code', secret: false, pattern: /^[A-Z0-9]{4,12}$/, help: 'In the profile.' },
    localIp: { label: 'Local IP', secret: false, pattern: /^[\d.:a-f]{7,39}$/, help: 'Of this computer.' },
    publicIp: {
      label: 'Public IP',
      secret: false,
      pattern: /^[\d.:a-f]{7,39}$/,
      help: 'The registered one.',
    },
    macAddress: { label: 'MAC address', secret: false, pattern: /^[\da-f:]{17}$/, help: 'Of this computer.' },
  },
  userId: { label: 'Client code', secret: false, pattern: /^[A-Z0-9]{4,12}$/, help: 'In the profile.' },
  userIdField: 'clientCode',
  logins: [
    {
      kind: 'direct',
      steps: [
        {
          name: 'login',
          asks: [
            { name: 'pin', label: 'PIN', kind: 'pin', storedIn: 'pin' },
            { name: 'totp', label: 'Code of the authenticator', kind: 'totp', storedIn: 'totpSeed' },
          ],
          request: ({ app, account, vars }) => ({
            method: 'POST',
            host: 'api',
            path: '/rest/auth/angelbroking/user/v1/loginByPassword',
            headers: machineHeaders(app, account),
            body: {
              json: {
                clientcode: required(account, 'clientCode'),
                password: required(vars, 'pin'),
                totp: required(vars, 'totp'),
              },
            },
          }),
          // The reply names nobody: only the probe tells whose session it is.
          read: ({ json }) => ({ grant: grantOf(json) }),
        },
      ],
    },
  ],
  tokens,
  handsOut: 'token',
  expiry: {
    kind: 'earliest',
    of: [
      { kind: 'daily_at', time: '00:00' },
      { kind: 'jwt_exp', token: 'access' },
    ],
  },
  liveSessions: 'many',
  probe: {
    request: () => ({ method: 'GET', host: 'api', path: '/rest/secure/angelbroking/user/v1/getProfile' }),
    read: ({ json }) => {
      const data = objectOf(objectOf(json)?.data)
      if (!data) throw new BhorError('bad_token_shape', 'Angel One sent no profile.')
      const userName = textOf(data.name)
      return { userId: userIdOf('Angel One', data.clientcode), ...(userName ? { userName } : {}) }
    },
  },
  renewal: {
    needs: 'refresh',
    request: (session) =>
      sign(
        {
          method: 'POST',
          host: 'api',
          path: '/rest/auth/angelbroking/jwt/v1/generateTokens',
          body: { json: { refreshToken: required(session.tokens, 'refresh') } },
        },
        session,
      ),
    read: ({ json }) => grantOf(json),
  },
  logout: {
    ends: 'user',
    request: (session) =>
      sign(
        {
          method: 'POST',
          host: 'api',
          path: '/rest/secure/angelbroking/user/v1/logout',
          body: { json: { clientcode: required(session.account, 'clientCode') } },
        },
        session,
      ),
  },
  sign,
  classify(reply, at) {
    const body = objectOf(reply.json)
    const said = { code: textOf(body?.errorcode) ?? textOf(body?.errorCode), message: textOf(body?.message) }
    const text = said.message ?? reply.text.slice(0, 1000)
    if (reply.status === 403 && /rate limit/i.test(text)) return verdictOf('rate_limited', reply, said)
    const decided = kindOfStatus(reply.status)
    if (decided) return verdictOf(decided, reply, said)
    if (!body) return { kind: 'transient' }
    const isRefused = body.status === false || body.success === false
    const isGranted = body.status === true || body.success === true
    if (isSuccessStatus(reply.status) && isGranted && !isRefused) return verdictOf('ok', reply, said)
    const isDead = said.code !== undefined && deadCodes.includes(said.code)
    const isBadGrant = said.code !== undefined && badGrantCodes.includes(said.code)
    if (isLogin(at) && (isDead || isBadGrant)) return verdictOf('bad_grant', reply, said)
    if (isDead) return verdictOf('expired', reply, said)
    return verdictOf(isRefused || !isSuccessStatus(reply.status) ? 'rejected' : 'transient', reply, said)
  },
  orders: [
    'POST /rest/secure/angelbroking/order/v1/placeOrder',
    'POST /rest/secure/angelbroking/order/v1/modifyOrder',
    'POST /rest/secure/angelbroking/order/v1/cancelOrder',
  ],
  limits: { probesPerMinute: 6, ordersPerSecond: 9, callsPerSecond: 10 },
})
