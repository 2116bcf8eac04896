import { type AppRecord, type AppWrites, accountKinds } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { instant, json, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { isText, mapOf } from '../shapes.ts'
import { table } from '../table.ts'

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
  { key: 'id' },
)

const taken = () => new BhorError('already_exists', 'This app is already known.')

export function appQueries(db: Db): AppWrites {
  const rows = rowsOf(db, apps)
  return {
    byId: (id) => rows.find({ id }),
    byKey: (broker, kind, apiKey) => rows.find({ broker, kind, apiKey }),
    insert: (app) => rows.insert(app, taken),
    async update(app) {
      if (!(await rows.update(app, { id: app.id }, { taken })))
        throw new BhorError('not_found', 'This app is not in the store.')
    },
    async deleteUnused() {
      await db
        .deleteFrom('apps')
        .where((e) =>
          e.not(e.exists(e.selectFrom('accounts').select('id').whereRef('accounts.app_id', '=', 'apps.id'))),
        )
        .execute()
    },
  }
}
