import { defineBroker } from '../../contracts/broker.ts'
import { approval } from './approval.ts'
import { errorReply } from './error-reply.ts'
import { classify } from './errors.ts'
import { environment, links, recognises } from './home.ts'
import { login } from './login.ts'
import { openQuestions } from './open-questions.ts'
import { portfolio } from './portfolio.ts'
import { logout, probe, renewal, sign } from './session.ts'
import { snippets } from './snippets.ts'
import { tokens } from './tokens.ts'

/**
 * Upstox v2 and v3, by https://upstox.com/developer/api-documentation/get-token.
 *
 * A token dies at the first 03:30 in India after it was made, whatever the hour. Nobody is given refresh tokens. A user
 * has one active app, and a new token ends the one before (community.upstox.com topics 14822, 11307).
 */
export const upstox = defineBroker({
  id: 'upstox',
  name: 'Upstox',
  verifiedOn: '2026-11-25',
  console: {
    url: 'https://account.upstox.com/developer/apps',
    registerHint:
      'Create an app and enter the Redirect URL exactly as bhor shows it; addresses that end in .php may be refused.',
  },
  /** `orders` takes place, modify and cancel only; every other call, the lists of orders too, goes to `api`. */
  hosts: { api: 'https://api.upstox.com', orders: 'https://api-hft.upstox.com' },
  app: {
    apiKey: {
      label: 'API key',
      secret: false,
      pattern: /^[A-Za-z0-9_-]{4,64}$/,
      help: 'The API Key of the app under Developer Apps, a UUID; Upstox’ documentation calls it client_id.',
    },
    apiSecret: {
      label: 'API secret',
      secret: true,
      pattern: /^[A-Za-z0-9_-]{4,128}$/,
      help: 'The API Secret beside the API Key; Upstox’ documentation calls it client_secret.',
    },
  },
  account: {},
  userId: {
    label: 'User id',
    secret: false,
    pattern: /^[A-Z0-9]{2,12}$/,
    help: 'Your UCC, on the profile page of Upstox.',
  },
  logins: [login, approval],
  tokens,
  handsOut: 'token',
  expiry: {
    kind: 'earliest',
    of: [{ kind: 'daily_at', time: '03:30' }, { kind: 'jwt_exp', token: 'access' }, { kind: 'as_granted' }],
  },
  liveSessions: 'one per user',
  addressCheck: 'orders',
  probe,
  renewal,
  logout,
  portfolio,
  sign,
  classify,
  orders: [
    'POST /v2/order/place',
    'PUT /v2/order/modify',
    'DELETE /v2/order/cancel',
    'POST /v2/order/multi/place',
    'DELETE /v2/order/multi/cancel',
    'POST /v2/order/positions/exit',
    'POST /v3/order/place',
    'PUT /v3/order/modify',
    'DELETE /v3/order/cancel',
    'POST /v3/order/gtt/place',
    'PUT /v3/order/gtt/modify',
    'DELETE /v3/order/gtt/cancel',
    'PUT /v2/portfolio/convert-position',
    'POST /v2/ipos/orders',
    'DELETE /v2/ipos/orders/*',
  ],
  // upstox.com/developer/api-documentation/rate-limiting, read on 2026-09-02: per user and API.
  limits: {
    probesPerMinute: 6,
    ordersPerSecond: 10,
    callsPerSecond: 50,
    calls: {
      order: [
        [10, 1000],
        [500, 60_000],
        [2000, 30 * 60_000],
      ],
      read: [
        [50, 1000],
        [500, 60_000],
        [2000, 30 * 60_000],
      ],
    },
  },
  links,
  snippets,
  environment,
  recognises,
  openQuestions,
  errorReply,
})
