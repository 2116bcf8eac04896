import { sql } from 'kysely'
import { type LoginRecord, type LoginWrites, loginWays } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const logins = table<LoginRecord>()(
  'logins',
  {
    id: text('id'),
    accountId: text('account_id'),
    broker: text('broker'),
    stateHash: text('state_hash'),
    redirectUrl: text('redirect_url'),
    status: word('status', ['open', 'used', 'done', 'failed', 'cancelled']),
    outcome: text('outcome'),
    generation: count('generation'),
    sealedCarry: text('sealed_carry'),
    startedBy: text('started_by'),
    createdAtMs: instant('created_at_ms'),
    expiresAtMs: instant('expires_at_ms'),
    cameBy: word('came_by', ['', ...loginWays]),
    mac: text('mac'),
  },
  {
    sealed: { columns: ['sealed_carry'], texts: ({ sealedCarry }) => [sealedCarry] },
    key: 'id',
    called: 'accountId',
    live: { status: ['open', 'used'] },
  },
)

const taken = () => new BhorError('already_exists', 'This login is already in the store.')

export function loginQueries(db: Db, witness: Witness): LoginWrites {
  const rows = rowsOf(db, logins, witness)
  return {
    byId: (id) => rows.find({ id }),
    byState: (stateHash) => rows.find({ stateHash }),
    open: (nowMs, accountId) =>
      rows.all((any) =>
        any
          .selectFrom('logins')
          .selectAll()
          // As a literal: a partial index serves no query that gives its condition as a parameter.
          .where('status', '=', sql.lit('open'))
          .where('expires_at_ms', '>', nowMs)
          .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId as string))
          .orderBy('created_at_ms', 'desc')
          .orderBy('id', 'desc'),
      ),
    insert: (login) => rows.insert(login, taken),
    update: (login, status) => rows.update(login, { id: login.id, status }, { taken }),
  }
}
