import type { BrokerPage } from './broker-page.ts'
import { kite } from './kite.ts'
import { upstox } from './upstox.ts'

const pages: Readonly<Record<string, BrokerPage>> = { kite, upstox }

/** Undefined for a broker that this page has no extras for; everything still works. */
export function brokerPage(id: string): BrokerPage | undefined {
  return Object.hasOwn(pages, id) ? pages[id] : undefined
}
