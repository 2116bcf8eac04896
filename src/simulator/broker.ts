import type { Answer } from './answer.ts'
import type { Call } from './call.ts'
import { matchesPath } from './faults.ts'
import { loginRoutes } from './login-flow.ts'
import type { SimulatedBrokerModule } from './module.ts'
import { findRoute, routesOf } from './routes.ts'
import type { World } from './world.ts'

/** One simulated broker: what it is, what it knows and how it answers. */
export interface SimulatedBroker {
  readonly module: SimulatedBrokerModule
  readonly world: World
  answer(call: Call): Answer
}

/** Does one of these `METHOD /path` patterns fit? */
export const fitsCall = (
  patterns: readonly string[],
  { method, path }: Pick<Call, 'method' | 'path'>,
): boolean => patterns.some((pattern) => matchesPath(pattern, `${method} ${path}`))

/** The frame that all simulated brokers share: routes, tokens and limits, in this order. */
export function simulate(module: SimulatedBrokerModule, world: World): SimulatedBroker {
  const open = routesOf({ ...loginRoutes(module), ...module.open })
  const guarded = routesOf(module.guarded)
  return {
    module,
    world,
    answer(call) {
      const unguarded = findRoute(open, call.method, call.path)
      if (unguarded.kind === 'found') return unguarded.route.handle({ world, call, params: unguarded.params })
      const found = findRoute(guarded, call.method, call.path)
      if (found.kind !== 'found')
        return module.refuse(unguarded.kind === 'no_method' ? 'no_method' : found.kind, {})
      const shown = module.tokenOf(call)
      const session = shown && world.sessions.find(shown)
      const user = session && world.users.get(session.userId)
      if (!user) return module.refuse('dead_token', {})
      const limit = module.limitOf?.(session, call, fitsCall(module.orders, call))
      if (limit && !world.allows(...limit)) return module.refuse('rate_limited', {})
      const barred = module.bars?.(session, call)
      return barred ?? found.route.handle({ world, call, params: found.params, session, user })
    },
  }
}
