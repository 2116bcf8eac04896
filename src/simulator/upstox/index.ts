import type { CallWindow } from '../limits.ts'
import type { RouteTable, SimulatedBrokerModule, Visit } from '../module.ts'
import { answerApproval, askForApproval, showApprovals } from './approval.ts'
import { notForExtended, upstoxRefusal, upstoxSuccess } from './errors.ts'
import { login } from './login.ts'
import { orderRoutes } from './orders.ts'
import { profileOf, showCandles, showFundsV2, showFundsV3, showHoldings, showPositions } from './portfolio.ts'
import { dayEnds, exchange, extendedKind, logOut } from './session.ts'
import { codeTtlMs, extendedTokenMethods } from './unverified.ts'

/** upstox.com/developer/api-documentation/rate-limiting: per user, orders together, every other API by itself. */
const longLimits: readonly CallWindow[] = [
  { ms: 60_000, most: 500 },
  { ms: 1_800_000, most: 2000 },
]
const orderLimits: readonly CallWindow[] = [{ ms: 1000, most: 10 }, ...longLimits]
const otherLimits: readonly CallWindow[] = [{ ms: 1000, most: 50 }, ...longLimits]

const orders = ['POST /v*/order/*', 'PUT /v*/order/*', 'DELETE /v*/order/*']
const candles: RouteTable<Visit>[`GET /`] = ({ params }) => showCandles(params.key!, params.to!)

/** Upstox v2 and v3: api.upstox.com and api-hft.upstox.com under one roof. */
export const upstox: SimulatedBrokerModule = {
  id: 'upstox',
  name: 'Upstox',
  hostRoles: ['api', 'orders'],
  demoUser: {
    userId: 'DM0002',
    password: 'demo-upstox',
    totpSeed: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU',
    name: 'Demo User',
    email: 'demo.upstox@example.com',
  },
  dayEnds,
  /** One active API app per user since 1 April 2026, and one token for each app. */
  liveSessions: 'one per user',
  codeTtlMs,
  exchanges: ['POST /v2/login/authorization/token'],
  approvals: ['POST /approvals/*'],
  orders,
  night: { from: '00:00', to: '05:30', calls: ['GET /v*/user/get-funds-and-margin', ...orders] },
  login,
  open: {
    'POST /v2/login/authorization/token': exchange,
    'POST /v3/login/auth/token/request/:client': askForApproval,
    'GET /approvals': showApprovals,
    'POST /approvals/:id': answerApproval,
    'GET /v2/historical-candle/:key/:interval/:to': candles,
    'GET /v2/historical-candle/:key/:interval/:to/:from': candles,
    'GET /v3/historical-candle/:key/:unit/:interval/:to': candles,
    'GET /v3/historical-candle/:key/:unit/:interval/:to/:from': candles,
  },
  guarded: {
    'GET /v2/user/profile': ({ user }) => upstoxSuccess(profileOf(user)),
    'GET /v2/user/get-funds-and-margin': showFundsV2,
    'GET /v3/user/get-funds-and-margin': showFundsV3,
    'GET /v2/portfolio/long-term-holdings': showHoldings,
    'GET /v2/portfolio/short-term-positions': showPositions,
    'DELETE /v2/logout': logOut,
    ...orderRoutes,
  },
  tokenOf({ headers }) {
    const [, accessToken] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? []
    return accessToken ? { accessToken } : undefined
  },
  bars: ({ kind }, { method }) =>
    kind === extendedKind && !extendedTokenMethods.includes(method) ? notForExtended() : undefined,
  limitOf: ({ userId }, { path }, isOrder) =>
    isOrder ? [`orders ${userId}`, orderLimits] : [`${userId} ${path}`, otherLimits],
  refuse: upstoxRefusal,
}
