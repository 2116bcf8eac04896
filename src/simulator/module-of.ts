import { BhorError } from '../core/errors.ts'
import type { SimulatedBrokerModule } from './module.ts'

const texts = ['id', 'name', 'dayEnds', 'liveSessions'] as const
const functions = ['tokenOf', 'refuse'] as const
const objects = ['hostRoles', 'demoUser', 'exchanges', 'orders', 'open', 'guarded'] as const

/** What a file from outside exports as its simulator, once it has all that one must have. @throws BhorError `adapter_invalid` */
export function moduleOf(found: Readonly<Record<string, unknown>>): SimulatedBrokerModule {
  const missing =
    texts.find((name) => typeof found[name] !== 'string') ??
    functions.find((name) => typeof found[name] !== 'function') ??
    objects.find((name) => typeof found[name] !== 'object' || found[name] === null)
  if (missing === undefined) return found as unknown as SimulatedBrokerModule
  throw new BhorError('adapter_invalid', `A simulator from outside has no ${missing} of the right kind.`, {
    hint: 'The type SimulatedBrokerModule of bhor/simulator says what it must export.',
  })
}
