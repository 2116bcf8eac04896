import type { Broker } from '../contracts/broker.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

type Loaders = Readonly<Record<string, () => Promise<Broker>>>

/** bhor's own adapters; one that nobody uses is never loaded. */
export const builtInBrokers = {
  kite: async () => (await import('./kite/index.ts')).kite,
  upstox: async () => (await import('./upstox/index.ts')).upstox,
} as const satisfies Loaders

export interface BrokerRegistry {
  /** The id of every broker that there is an adapter for, in alphabetical order. */
  ids(): readonly string[]
  /** @throws BhorError `broker_not_found` with the known ids */
  load(id: string): Promise<Broker>
}

/** Every broker of this bhor: its own, and those that the configuration adds. */
export function openRegistry({
  builtIn = builtInBrokers,
  configured = [],
}: {
  readonly builtIn?: Loaders
  readonly configured?: readonly Broker[]
} = {}): BrokerRegistry {
  const loaders = new Map(Object.entries(builtIn))
  for (const broker of configured) loaders.set(broker.id, async () => broker)
  const ids = [...loaders.keys()].sort()
  return {
    ids: () => ids,
    async load(id) {
      const loader = loaders.get(id)
      if (loader) return loader()
      const known = ids.join(', ')
      throw new BhorError(
        'broker_not_found',
        `There is no broker “${printable(id, 40)}”. Known brokers: ${known}.`,
        { hint: `Use one of: ${known}.` },
      )
    },
  }
}
