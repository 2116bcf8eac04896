import type { MirrorRecord, MirrorState, MirrorView } from '../../contracts/mirrors.ts'
import type { AccountRecord, DamagedRow } from '../../contracts/store.ts'
import { iso, isoOrNull } from '../../core/instant.ts'

/** A mirror as it may be shown. */
export function mirrorView(
  mirror: MirrorRecord,
  { alias, broker, kind }: Pick<AccountRecord, 'alias' | 'broker' | 'kind'>,
): MirrorView {
  const { id, path, format, isInPlace, generation, writtenAtMs, fault } = mirror
  return {
    id,
    account: alias,
    broker,
    kind,
    path,
    format,
    inPlace: isInPlace,
    state: stateOf(mirror),
    generation,
    writtenAt: isoOrNull(writtenAtMs),
    fault: fault && { at: iso(fault.atMs), code: fault.code, text: fault.text },
  }
}

function stateOf({ fault, generation }: MirrorRecord): MirrorState {
  if (fault) return fault.code === 'mirror_conflict' ? 'conflict' : 'failing'
  return generation === 0 ? 'waiting' : 'written'
}

/** A row that cannot be believed: it can be removed. */
export function damagedMirrorView({ id, path }: Pick<MirrorRecord, 'id' | 'path'>): MirrorView {
  const nothing = { generation: 0, writtenAt: null, fault: null, inPlace: false } as const
  const unknown = { account: '', broker: '', kind: 'live', format: 'json' } as const
  return { id, path, ...unknown, ...nothing, state: 'damaged' }
}

export function pathOf({ id, name }: DamagedRow): Pick<MirrorRecord, 'id' | 'path'> {
  return { id, path: name }
}
