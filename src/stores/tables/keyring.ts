import type { KeyringRecord, KeyringWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, nullable, text, word } from '../columns.ts'
import { allSound, rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const keyring = table<KeyringRecord>()(
  'keyring',
  {
    id: text('id'),
    purpose: word('purpose', ['data', 'mac', 'audit', 'lookup', 'state', 'inventory']),
    wrapped: text('wrapped'),
    createdAtMs: instant('created_at_ms'),
    retiredAtMs: nullable(instant('retired_at_ms')),
  },
  { key: 'id', called: 'purpose' },
)

const taken = () => new BhorError('already_exists', 'This data key already exists.')

export function keyringQueries(db: Db, witness: Witness): KeyringWrites {
  const rows = rowsOf(db, keyring, witness)
  return {
    list: async () => allSound(await rows.list({}, ['createdAtMs', 'id'])),
    insert: (key) => rows.insert(key, taken),
    delete: (id) => rows.delete({ id }),
    async update(key) {
      if (!(await rows.update(key, { id: key.id }, { taken })))
        throw new BhorError('not_found', 'This data key is not in the store.')
    },
  }
}
