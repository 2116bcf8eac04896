import { type PassphraseRecord, type PassphraseWrites, thePassphrase } from '../../contracts/store.ts'
import { instant, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const passphrases = table<PassphraseRecord>()(
  'passphrases',
  {
    id: word('id', [thePassphrase]),
    sealedHash: text('sealed_hash'),
    changedAtMs: instant('changed_at_ms'),
    mac: text('mac'),
  },
  { key: 'id', live: {}, sealed: { columns: ['sealed_hash'], texts: ({ sealedHash }) => [sealedHash] } },
)

export function passphraseQueries(db: Db, witness: Witness): PassphraseWrites {
  const rows = rowsOf(db, passphrases, witness)
  return {
    get: () => rows.find({ id: thePassphrase }),
    async set(record) {
      await rows.delete({ id: thePassphrase })
      await rows.insert(record)
    },
    delete: () => rows.delete({ id: thePassphrase }),
  }
}
