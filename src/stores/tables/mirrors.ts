import { type MirrorRecord, type MirrorWrites, mirrorFormats } from '../../contracts/mirrors.ts'
import { BhorError } from '../../core/errors.ts'
import { count, flag, instant, json, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isInstant, isText, listOf } from '../shapes.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const mirrors = table<MirrorRecord>()(
  'mirrors',
  {
    id: text('id'),
    accountId: text('account_id'),
    path: text('path'),
    format: word('format', mirrorFormats),
    template: text('template'),
    isInPlace: flag('in_place'),
    generation: count('generation'),
    known: json('known_json', listOf(isText)),
    writtenAtMs: nullable(instant('written_at_ms')),
    fault: nullable(json('fault_json', fieldsOf({ atMs: isInstant, code: isText, text: isText }))),
    createdAtMs: instant('created_at_ms'),
    mac: text('mac'),
  },
  { key: 'id', called: 'path', live: {} },
)

export function mirrorQueries(db: Db, witness: Witness): MirrorWrites {
  const rows = rowsOf(db, mirrors, witness)
  const taken = () => new BhorError('already_exists', 'This file is a mirror already.')
  return {
    list: () => rows.list({}, ['path']),
    ofAccount: (accountId) => rows.list({ accountId }, ['path']),
    byId: (id) => rows.find({ id }),
    insert: (mirror) => rows.insert(mirror, taken),
    async update(mirror) {
      if (!(await rows.update(mirror, { id: mirror.id }, { taken })))
        throw new BhorError('mirror_not_found', 'This mirror is not in the store.')
    },
    delete: (id) => rows.delete({ id }),
  }
}
