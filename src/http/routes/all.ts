import type { Method } from '../table.ts'
import { accountRoutes } from './accounts.ts'
import { alertRoutes } from './alerts.ts'
import { auditRoutes } from './audit.ts'
import { browserRoutes } from './browsers.ts'
import { calendarRoutes } from './calendar.ts'
import { confirmationRoutes } from './confirmations.ts'
import { eventRoutes } from './events.ts'
import { gateRoutes } from './gates.ts'
import { generateSessionRoutes } from './generate-session.ts'
import { houseRoutes } from './house.ts'
import { keyRoutes } from './keys.ts'
import { loginRoutes } from './logins.ts'
import { mirrorRoutes } from './mirrors.ts'
import { morningRoutes } from './morning.ts'
import { portfolioRoutes } from './portfolio.ts'
import { returnRoutes } from './returns.ts'
import type { AnyRoute, Routes } from './route.ts'
import { sessionRoutes } from './sessions.ts'
import { signInRoutes } from './sign-in.ts'

/** Every route of the API: one for each name in `Api`, no more and no less. */
const routes: Routes = {
  ...accountRoutes,
  ...loginRoutes,
  ...sessionRoutes,
  ...generateSessionRoutes,
  ...gateRoutes,
  ...morningRoutes,
  ...portfolioRoutes,
  ...keyRoutes,
  ...alertRoutes,
  ...mirrorRoutes,
  ...calendarRoutes,
  ...auditRoutes,
  ...eventRoutes,
  ...houseRoutes,
  ...signInRoutes,
  ...returnRoutes,
  ...browserRoutes,
  ...confirmationRoutes,
}

export interface ListedRoute extends AnyRoute {
  readonly method: Method
  /** `{name}` for a segment. */
  readonly path: string
}

/** The same as a list, in the order of `/openapi.json`. */
export const allRoutes: readonly ListedRoute[] = Object.entries<AnyRoute>(routes).map(([name, route]) => {
  const [method, path = ''] = name.split(' ')
  return { ...route, method: method as Method, path }
})
