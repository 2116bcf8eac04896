import { defineBroker } from '../../contracts/broker.ts'
import { errorReply } from './error-reply.ts'
import { classify } from './errors.ts'
import { environment, links, recognises } from './home.ts'
import { login } from './login.ts'
import { logout, probe, renewal, sign } from './session.ts'
import { snippets } from './snippets.ts'
import { tokens } from './tokens.ts'
import { routesLikeOrders, sessionEndsAt } from './unverified.ts'

/**
 * Zerodha Kite Connect v3, by https://kite.trade/docs/connect/v3/user.
 *
 * One app has one access token at any time: the next login kills it (kite.trade/forum/discussion/5917). A refresh
 * token exists for approved platforms only; everybody else gets `""`, and the morning login is the renewal.
 */
export const kite = defineBroker({
  id: 'kite',
  name: 'Zerodha Kite Connect',
  verifiedOn: '2026-11-25',
  console: {
    url: 'https://developers.kite.trade',
    registerHint:
      'Create an app of type Connect or Personal, add your client id, and enter the Redirect URL exactly as bhor shows it.',
  },
  hosts: { login: 'https://kite.zerodha.com', api: 'https://api.kite.trade' },
  // https://kite.trade/docs/connect/v3/sandbox: no money; LIMIT orders only; the app `sandboxdemo` is everybody's.
  sandboxHosts: { login: 'https://sandbox.kite.trade', api: 'https://sandbox.kite.trade/oms' },
  app: {
    apiKey: {
      label: 'API key',
      secret: false,
      pattern: /^[A-Za-z0-9_-]{4,64}$/,
      help: 'The API key of the app on developers.kite.trade.',
    },
    apiSecret: {
      label: 'API secret',
      secret: true,
      pattern: /^[A-Za-z0-9_-]{4,128}$/,
      help: 'Show API secret on the app’s page on developers.kite.trade.',
    },
  },
  account: {},
  userId: {
    label: 'Client id',
    secret: false,
    pattern: /^[A-Z0-9]{2,12}$/,
    help: 'The id that you log in to Kite with, such as AB1234.',
  },
  logins: [login],
  tokens,
  handsOut: 'token',
  expiry: { kind: 'daily_at', time: sessionEndsAt },
  liveSessions: 'one per app',
  probe,
  renewal,
  logout,
  sign,
  classify,
  orders: ['POST /orders/*', 'PUT /orders/*/*', 'DELETE /orders/*/*', ...routesLikeOrders],
  // https://kite.trade/docs/connect/v3/exceptions; quotes and candles are slower still: 1 and 3 per second.
  limits: { probesPerMinute: 6, ordersPerSecond: 10, callsPerSecond: 10 },
  links,
  snippets,
  environment,
  recognises,
  errorReply,
})
