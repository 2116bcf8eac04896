import { defineBroker } from '../../contracts/broker.ts'
import { errorReply } from './error-reply.ts'
import { classify } from './errors.ts'
import { environment, links, recognises } from './home.ts'
import { login } from './login.ts'
import { openQuestions } from './open-questions.ts'
import { portfolio } from './portfolio.ts'
import { logout, probe, renewal, sign } from './session.ts'
import { snippets } from './snippets.ts'
import { tokens } from './tokens.ts'
import { flushedBy, looks, routesLikeOrders, sessionEndsAt } from './unverified.ts'

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
  // https://kite.trade/docs/connect/v3/sandbox: no money; LIMIT orders only; the published app is everybody's.
  sandboxHosts: { login: 'https://sandbox.kite.trade', api: 'https://sandbox.kite.trade/oms' },
  sandboxApp: { apiKey: 'sandboxdemo', apiSecret: 'sandboxdemo-secret' },
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
  looks: [...looks],
  flushedBy,
  liveSessions: 'one per app',
  // kite.trade/forum/discussion/15912: on placing, modifying and cancelling; other calls come from anywhere.
  addressCheck: 'orders',
  probe,
  renewal,
  logout,
  portfolio,
  sign,
  classify,
  orders: ['POST /orders/*', 'PUT /orders/*/*', 'DELETE /orders/*/*', ...routesLikeOrders],
  // https://kite.trade/docs/connect/v3/exceptions; orders by the minute and the day are told by others.
  limits: {
    probesPerMinute: 6,
    ordersPerSecond: 10,
    callsPerSecond: 10,
    calls: {
      order: [
        [10, 1000],
        [400, 60_000],
        [5000, 24 * 60 * 60_000],
      ],
      quote: [[1, 1000]],
      historical: [[3, 1000]],
    },
  },
  links,
  snippets,
  environment,
  recognises,
  openQuestions,
  errorReply,
})
