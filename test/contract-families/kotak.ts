import { objectOf, required, textOf, tokensOf, userIdOf, withHeaders } from '../../src/brokers/reading.ts'
import { isLogin, isSuccessStatus, kindOfStatus, verdictOf } from '../../src/brokers/verdicts.ts'
import { defineBroker, type Values } from '../../src/contracts/broker.ts'
import { BhorError } from '../../src/core/errors.ts'

const pattern = /^[A-Za-z0-9._-]{8,8192}$/
const tokens = { access: { canOrder: true, pattern }, sid: { canOrder: false, pattern } } as const
const appHeaders = (app: Values): Values => ({
  authorization: required(app, 'dashboardToken'),
  'neo-fin-key': 'neotradeapi',
})

function baseUrlOf(value: unknown): string {
  const url = textOf(value)
  if (!url || !URL.canParse(url)) throw new BhorError('bad_token_shape', 'Kotak sent no base URL.')
  return new URL(url).origin
}

/** TOTP, then MPIN: the first call’s view token opens the second, which gives a bundle and its base URL. */
export const kotak = defineBroker({
  id: 'kotak',
  name: 'Kotak Neo',
  verifiedOn: '2026-11-21',
  console: { url: 'https://neo.kotaksecurities.com', registerHint: 'Create an app under Invest, TradeAPI.' },
  hosts: { login: 'https://mis.kotaksecurities.com' },
  app: {
    apiKey: { label: 'App name', secret: false, pattern: /^[\w-]{2,40}$/, help: 'As on the Neo dashboard.' },
    dashboardToken: {
      label: 'Access token',
      secret: true,
      pattern: /^[\w.-]{8,256}$/,
      help: 'On the Neo dashboard.',
    },
  },
  account: {
    mobileNumber: { label: 'Mobile number', secret: false, pattern: /^\+91\d{10}$/, help: 'With +91.' },
    ucc: { label: 'UCC', secret: false, pattern: /^[A-Z0-9]{3,10}$/, help: 'In the profile.' },
    mpin: { label: 'MPIN', secret: true, pattern: /^\d{6}$/, help: 'Of the mobile app.', optional: true },
    totpSeed: {
      label: 'TOTP seed',
      secret: true,
      pattern: /^[A-Z2-7]{16,64}$/,
      help: 'Under the QR code.',
      optional: true,
    },
  },
  userId: { label: 'UCC', secret: false, pattern: /^[A-Z0-9]{3,10}$/, help: 'In the profile.' },
  userIdField: 'ucc',
  sessionUrls: /^https:\/\/[a-z0-9-]+\.kotaksecurities\.com$/,
  logins: [
    {
      kind: 'direct',
      steps: [
        {
          name: 'totp',
          asks: [{ name: 'totp', label: 'Code of the authenticator', kind: 'totp', storedIn: 'totpSeed' }],
          request: ({ app, account, vars }) => ({
            method: 'POST',
            host: 'login',
            path: '/login/1.0/tradeApiLogin',
            headers: appHeaders(app),
            body: {
              json: {
                mobileNumber: required(account, 'mobileNumber'),
                ucc: required(account, 'ucc'),
                totp: required(vars, 'totp'),
              },
            },
          }),
          read: ({ json }) => {
            const data = objectOf(objectOf(json)?.data) ?? {}
            const { access, sid } = tokensOf('Kotak', tokens, { access: data.token, sid: data.sid })
            if (!access || !sid)
              throw new BhorError('bad_token_shape', 'Kotak sent no session to go on with.')
            return { carry: { viewToken: access, viewSid: sid } }
          },
        },
        {
          name: 'mpin',
          asks: [{ name: 'mpin', label: 'MPIN', kind: 'pin', storedIn: 'mpin' }],
          request: ({ app, vars }) => ({
            method: 'POST',
            host: 'login',
            path: '/login/1.0/tradeApiValidate',
            headers: {
              ...appHeaders(app),
              sid: required(vars, 'viewSid'),
              auth: required(vars, 'viewToken'),
            },
            body: { json: { mpin: required(vars, 'mpin') } },
          }),
          read: ({ json }) => {
            const data = objectOf(objectOf(json)?.data) ?? {}
            return {
              grant: {
                tokens: tokensOf('Kotak', tokens, { access: data.token, sid: data.sid }),
                userId: userIdOf('Kotak', data.ucc),
                baseUrl: baseUrlOf(data.baseUrl),
              },
            }
          },
        },
      ],
    },
  ],
  tokens,
  handsOut: 'token',
  // "Within the day"; the hour is documented nowhere, so the earliest one counts.
  expiry: {
    kind: 'earliest',
    of: [
      { kind: 'daily_at', time: '00:00' },
      { kind: 'jwt_exp', token: 'access' },
    ],
  },
  liveSessions: 'many',
  // 1037: the session and the request come from two addresses.
  addressCheck: 'session',
  probe: {
    request: () => ({
      method: 'POST',
      host: 'session',
      path: '/quick/user/limits',
      body: { form: [['jData', '{"seg":"ALL","exch":"ALL","prod":"ALL"}']] },
    }),
    // The limits name nobody; the login's second reply did.
    read: ({ json }) => {
      if (!objectOf(json)) throw new BhorError('bad_token_shape', 'Kotak sent no limits.')
      return { userId: '' }
    },
  },
  sign: (request, session) =>
    withHeaders(request, {
      'neo-fin-key': 'neotradeapi',
      auth: required(session.tokens, 'access'),
      sid: required(session.tokens, 'sid'),
    }),
  classify(reply, at) {
    const body = objectOf(reply.json)
    const listed = Array.isArray(body?.error) ? objectOf(body.error[0]) : undefined
    const code =
      textOf(listed?.code) ??
      textOf(body?.errorCode) ??
      (body?.stCode === undefined ? undefined : String(body.stCode))
    const said = { code, message: textOf(listed?.message) ?? textOf(body?.errMsg) ?? textOf(body?.message) }
    const decided =
      reply.status === 424 ? 'transient' : (kindOfStatus(reply.status) ?? (body ? undefined : 'transient'))
    if (decided) return verdictOf(decided, reply, said)
    const isRefused = body?.status === 'error' || body?.stat === 'Not_Ok' || listed !== undefined
    // 5203 is "no data": an answer like any other.
    if (isSuccessStatus(reply.status) && (!isRefused || code === '5203')) return verdictOf('ok', reply, said)
    // The session belongs to the address that it was made from.
    if (code === '1037' || code === '100008') return verdictOf('ip_not_allowed', reply, said)
    const isDead =
      reply.status === 401 || code === '401' || /expired session|session expired/i.test(said.message ?? '')
    return verdictOf(isDead ? (isLogin(at) ? 'bad_grant' : 'expired') : 'rejected', reply, said)
  },
  orders: ['POST /quick/order/rule/ms/place', 'POST /quick/order/vr/modify', 'POST /quick/order/cancel'],
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
})
