import type {
  AppendAudit,
  ClientKeyRecord,
  KeyringRecord,
  NounWrites,
  StoreReads,
} from '../contracts/store.ts'
import { type Columns, instant, nullable, text, word } from './columns.ts'
import { type Db, nouns, nounsOver } from './schema.ts'
import { table } from './table.ts'
import { noWitness } from './witness.ts'

/* Compiled, never run: what a codec must say, and that nothing is stored without one. */

declare const db: Db
declare const reads: StoreReads
declare const append: AppendAudit

const columns = {
  id: text('id'),
  purpose: word('purpose', ['data', 'mac', 'audit', 'lookup', 'state', 'inventory']),
  wrapped: text('wrapped'),
  createdAtMs: instant('created_at_ms'),
  retiredAtMs: nullable(instant('retired_at_ms')),
}
export const whole = table<KeyringRecord>()('keyring', columns, { key: 'id' })
/** The row is what the columns say. */
export const row: { id: string; purpose: string; retired_at_ms: number | null } = whole.write(
  {} as KeyringRecord,
)

const { wrapped: _left, ...without } = columns
// @ts-expect-error a field of the record without a column
table<KeyringRecord>()('keyring', without, { key: 'id' })

// @ts-expect-error a column of another type than its field
table<KeyringRecord>()('keyring', { ...columns, createdAtMs: text('created_at_ms') }, { key: 'id' })

// @ts-expect-error a field that may be null in a column that may not
table<KeyringRecord>()('keyring', { ...columns, retiredAtMs: instant('retired_at_ms') }, { key: 'id' })

const fewer = word('purpose', ['data', 'mac'])
// @ts-expect-error a closed set that lacks words of the record
table<KeyringRecord>()('keyring', { ...columns, purpose: fewer }, { key: 'id' })

const more = word('purpose', ['data', 'mac', 'audit', 'lookup', 'state', 'inventory', 'other'])
// @ts-expect-error a closed set with a word that the record does not know
table<KeyringRecord>()('keyring', { ...columns, purpose: more }, { key: 'id' })

declare const keyColumns: Columns<ClientKeyRecord>
// @ts-expect-error a row with a MAC of which nobody says whether the inventory counts it
table<ClientKeyRecord>()('client_keys', keyColumns, { key: 'id' })

// @ts-expect-error a table that stands in no codec
db.selectFrom('reminders').selectAll()

// @ts-expect-error a column that stands in no codec
db.selectFrom('accounts').select('colour')

// @ts-expect-error a row that no codec has written
db.insertInto('meta').values({ name: 'x' })

const { feed: _gone, ...others } = nouns
/** Every noun of the contract is in the registry. */
export const complete: { [Noun in keyof NounWrites]: unknown } = nouns
// @ts-expect-error a noun of the contract that is not
export const incomplete: { [Noun in keyof NounWrites]: unknown } = others

export const changes = nounsOver(db, noWitness).audit.append(append)
// @ts-expect-error a change outside of a transaction
reads.audit.append(append)
