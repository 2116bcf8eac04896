import type { Broker } from '../contracts/broker.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

const loaders = {
  kite: async () => (await import('./kite/index.ts')).kite,
  upstox: async () => (await import('./upstox/index.ts')).upstox,
} satisfies Record<string, () => Promise<Broker>>

/** The id of every broker that bhor has an adapter for, in alphabetical order. */
export const brokerIds: readonly string[] = Object.keys(loaders).sort()

/**
 * The adapter of that id; an adapter that nobody uses is never loaded.
 *
 * @throws BhorError `broker_not_found` with the known ids
 */
export async function loadBroker(id: string): Promise<Broker> {
  if (Object.hasOwn(loaders, id)) return loaders[id as keyof typeof loaders]()
  const known = brokerIds.join(', ')
  throw new BhorError(
    'broker_not_found',
    `There is no broker “${printable(id, 40)}”. Known brokers: ${known}.`,
    {
      hint: `Use one of: ${known}.`,
    },
  )
}
