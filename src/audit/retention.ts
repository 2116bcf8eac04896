import type { StoreReads } from '../contracts/store.ts'
import { tryParseJson } from '../core/json.ts'
import type { AuditMac } from './chain.ts'

/** A place in the chain: behind this record. */
export interface ChainPlace {
  readonly seq: number
  readonly mac: string
}

/** `start`: what is before was pruned. `exported`: what is before stands in a file outside the store too. */
export type PlaceName = 'start' | 'exported'

const beginning: ChainPlace = { seq: 0, mac: '' }
const metaNames: Readonly<Record<PlaceName, string>> = { start: 'audit.start', exported: 'audit.exported' }

function textOf(name: PlaceName, { seq, mac }: ChainPlace): string {
  return JSON.stringify(['bhor-audit-place', name, seq, mac])
}

/** As the store keeps it; nobody without the key can make one. */
export function placeRow(
  name: PlaceName,
  { seq, mac }: ChainPlace,
  sign: AuditMac,
): readonly [string, string] {
  return [metaNames[name], JSON.stringify({ seq, mac, sign: sign(textOf(name, { seq, mac })) })]
}

/** The beginning of the chain where there is none, or one that bhor did not write: then what is gone is missing. */
export async function placeOf(
  { meta }: Pick<StoreReads, 'meta'>,
  name: PlaceName,
  sign: AuditMac,
): Promise<ChainPlace> {
  const said = tryParseJson((await meta.get(metaNames[name])) ?? '') as
    | { readonly seq?: unknown; readonly mac?: unknown; readonly sign?: unknown }
    | null
    | undefined
  if (typeof said?.seq !== 'number' || typeof said.mac !== 'string') return beginning
  const place = { seq: said.seq, mac: said.mac }
  return said.sign === sign(textOf(name, place)) ? place : beginning
}
