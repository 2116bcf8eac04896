import type { ExpressionBuilder } from 'kysely'
import { type AppRecord, type AppWrites, accountKinds } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, json, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db, Schema } from '../schema.ts'
import { isText, mapOf } from '../shapes.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'
import { hooks } from './hooks.ts'

export const apps = table<AppRecord>()(
  'apps',
  {
    id: text('id'),
    broker: text('broker'),
    kind: word('kind', accountKinds),
    apiKey: text('api_key'),
    fields: json('fields_json', mapOf(isText)),
    sealedSecrets: text('sealed_secrets'),
    createdAtMs: instant('created_at_ms'),
    updatedAtMs: instant('updated_at_ms'),
    mac: text('mac'),
  },
  {
    sealed: { columns: ['sealed_secrets'], texts: ({ sealedSecrets }) => [sealedSecrets] },
    key: 'id',
    live: {},
  },
)

const taken = () => new BhorError('already_exists', 'This app is already known.')

export function appQueries(db: Db, witness: Witness): AppWrites {
  const rows = rowsOf(db, apps, witness)
  return {
    list: () => rows.list({}, ['id']),
    byId: (id) => rows.find({ id }),
    byKey: (broker, kind, apiKey) => rows.find({ broker, kind, apiKey }),
    insert: (app) => rows.insert(app, taken),
    async update(app) {
      if (!(await rows.update(app, { id: app.id }, { taken })))
        throw new BhorError('not_found', 'This app is not in the store.')
    },
    async deleteUnused() {
      const isUnused = (e: ExpressionBuilder<Schema, 'apps'>) =>
        e.not(e.exists(e.selectFrom('accounts').select('id').whereRef('accounts.app_id', '=', 'apps.id')))
      const unused = await db.selectFrom('apps').select('id').where(isUnused).execute()
      const ids = unused.map(({ id }) => id)
      for (const appId of ids) await rowsOf(db, hooks, witness).delete({ appId })
      await rows.deleteThose(ids, db.deleteFrom('apps').where(isUnused))
    },
  }
}
