import type { CallLimits } from './api.ts'
import type { Broker } from './broker.ts'

/** How fast a program may call a broker, by what its manifest says. */
export function callLimitsOf({ limits }: Pick<Broker, 'limits'>): CallLimits {
  const { ordersPerSecond, callsPerSecond, calls } = limits
  return { order: [[ordersPerSecond, 1000]], read: [[callsPerSecond, 1000]], ...calls }
}
