import type { CallWindow } from '../limits.ts'
import type { SimulatedBrokerModule } from '../module.ts'
import { kiteRefusal, kiteSuccess } from './errors.ts'
import { finishLogin, login } from './login.ts'
import { orderRoutes } from './orders.ts'
import { profileOf, showHoldings, showInstruments, showMargins, showPositions } from './portfolio.ts'
import { sessionRoutes } from './session.ts'

/** kite.trade/docs/connect/v3/exceptions: per account for orders, 10 a second for everything else. */
const orderLimits: readonly CallWindow[] = [
  { ms: 1000, most: 10 },
  { ms: 60_000, most: 400 },
  { ms: 86_400_000, most: 5000 },
]
const otherLimits: readonly CallWindow[] = [{ ms: 1000, most: 10 }]

/** Kite Connect v3: login pages of kite.zerodha.com and API of api.kite.trade under one roof. */
export const kite: SimulatedBrokerModule = {
  id: 'kite',
  name: 'Kite',
  hostRoles: ['login', 'api'],
  demoUser: {
    userId: 'DM0001',
    password: 'demo-kite',
    totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    name: 'Demo User',
    email: 'demo.kite@example.com',
  },
  /** "It'll expire at 6 AM on the next day (regulatory requirement)": kite.trade/docs/connect/v3/user */
  dayEnds: '06:00',
  liveSessions: 'one per app',
  /** Staff said 5 minutes, single use (kite.trade/forum comment 3502). */
  codeTtlMs: 5 * 60_000,
  exchanges: ['POST /session/token'],
  orders: ['POST /orders/*', 'PUT /orders/*', 'DELETE /orders/*'],
  login,
  open: {
    'GET /connect/finish': finishLogin,
    ...sessionRoutes,
    'GET /instruments': () => showInstruments(),
    'GET /instruments/:exchange': ({ params }) => showInstruments(params.exchange),
  },
  guarded: {
    'GET /user/profile': ({ user }) => kiteSuccess(profileOf(user)),
    'GET /user/margins': (visit) => showMargins(visit),
    'GET /user/margins/:segment': (visit) => showMargins(visit, visit.params.segment),
    'GET /portfolio/holdings': showHoldings,
    'GET /portfolio/positions': showPositions,
    ...orderRoutes,
  },
  /** `Authorization: token api_key:access_token` */
  tokenOf({ headers }) {
    const [, apiKey, accessToken] = /^token ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? []
    return apiKey && accessToken ? { kind: 'access', apiKey, accessToken } : undefined
  },
  limitOf: ({ apiKey, userId }, _, isOrder) =>
    isOrder ? [`orders ${userId}`, orderLimits] : [`others ${apiKey}`, otherLimits],
  refuse: kiteRefusal,
}
