import type { HookRecord, HookWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, nullable, text } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const hooks = table<HookRecord>()(
  'hooks',
  {
    id: text('id'),
    appId: text('app_id'),
    pathHash: text('path_hash'),
    createdAtMs: instant('created_at_ms'),
    endsAtMs: nullable(instant('ends_at_ms')),
    mac: text('mac'),
  },
  { key: 'id', called: 'appId', live: {} },
)

const taken = () => new BhorError('already_exists', 'This hook is already in the store.')

export function hookQueries(db: Db, witness: Witness): HookWrites {
  const rows = rowsOf(db, hooks, witness)
  return {
    byPath: (pathHash) => rows.find({ pathHash }),
    ofApp: (appId) => rows.list({ appId }, ['createdAtMs', 'id']),
    insert: (hook) => rows.insert(hook, taken),
    async update(hook) {
      if (!(await rows.update(hook, { id: hook.id }, { taken })))
        throw new BhorError('not_found', 'This hook is not in the store.')
    },
    delete: (id) => rows.delete({ id }),
  }
}
