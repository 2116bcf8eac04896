import type { ClientKeyRecord, KeyWrites } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, json, nullable, text } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { isText, listOf } from '../shapes.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const clientKeys = table<ClientKeyRecord>()(
  'client_keys',
  {
    id: text('id'),
    name: text('name'),
    hash: text('hash'),
    scopes: json('scopes_json', listOf(isText)),
    accountIds: nullable(json('account_ids_json', listOf(isText))),
    madeBy: nullable(text('made_by')),
    createdAtMs: instant('created_at_ms'),
    expiresAtMs: nullable(instant('expires_at_ms')),
    revokedAtMs: nullable(instant('revoked_at_ms')),
    heldBy: nullable(text('held_by')),
    mac: text('mac'),
  },
  { key: 'id', called: 'name', live: { revokedAtMs: [null] } },
)

const taken = () => new BhorError('already_exists', 'This client key already exists.')

export function keyQueries(db: Db, witness: Witness): KeyWrites {
  const rows = rowsOf(db, clientKeys, witness)
  return {
    list: () => rows.list({}, ['createdAtMs', 'id']),
    byId: (id) => rows.find({ id }),
    byHash: (hash) => rows.find({ hash }),
    insert: (key) => rows.insert(key, taken),
    async update(key) {
      if (!(await rows.update(key, { id: key.id }, { taken })))
        throw new BhorError('key_not_found', 'This client key is not in the store.')
    },
    delete: (id) => rows.delete({ id }),
  }
}
