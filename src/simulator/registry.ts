import { kite } from './kite/index.ts'
import type { SimulatedBrokerModule } from './module.ts'
import { upstox } from './upstox/index.ts'
import type { SimulatedUser } from './users.ts'

/** The simulated brokers, in the order of their ports. */
export const modules = { kite, upstox } satisfies Record<string, SimulatedBrokerModule>

/** One user per broker exists from the start. */
export const demoUsers = Object.fromEntries(
  Object.values(modules).map(({ id, demoUser }) => [id, { ...demoUser, broker: id }]),
) as Record<keyof typeof modules, SimulatedUser>
