import { type SessionRecord, type SessionWrites, sessionStarts } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, json, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { isInstant, isText, listOf, mapOf } from '../shapes.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'

export const sessions = table<SessionRecord>()(
  'sessions',
  {
    id: text('id'),
    accountId: text('account_id'),
    generation: count('generation'),
    status: word('status', ['active', 'ended']),
    endReason: nullable(word('end_reason', ['replaced', 'expired', 'revoked', 'logged_out'])),
    endedAtMs: nullable(instant('ended_at_ms')),
    startedBy: word('started_by', sessionStarts),
    sealedTokens: text('sealed_tokens'),
    sealedGrant: text('sealed_grant'),
    tokenExpiriesMs: json('token_expiries_json', mapOf(isInstant)),
    userId: text('user_id'),
    userName: text('user_name'),
    userShortname: text('user_shortname'),
    email: text('email'),
    userType: text('user_type'),
    brokerName: text('broker_name'),
    exchanges: json('exchanges_json', listOf(isText)),
    products: json('products_json', listOf(isText)),
    orderTypes: json('order_types_json', listOf(isText)),
    baseUrl: text('base_url'),
    grantedAtMs: instant('granted_at_ms'),
    expiresAtMs: instant('expires_at_ms'),
    createdAtMs: instant('created_at_ms'),
    unconfirmed: word('unconfirmed', ['', 'porch', 'telegram']),
    mac: text('mac'),
  },
  {
    sealed: {
      columns: ['sealed_tokens', 'sealed_grant'],
      texts: ({ sealedTokens, sealedGrant }) => [sealedTokens, sealedGrant],
    },
    key: 'id',
    called: 'accountId',
    live: { status: ['active'] },
  },
)

const taken = (generation: number) => () =>
  new BhorError('generation_conflict', 'This account already has a session of this generation.', {
    facts: { generation },
  })

export function sessionQueries(db: Db, witness: Witness): SessionWrites {
  const rows = rowsOf(db, sessions, witness)
  return {
    byId: (id) => rows.find({ id }),
    latest: (accountId) =>
      rows.first((any) =>
        any
          .selectFrom('sessions')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('generation', 'desc')
          .limit(1),
      ),
    latestOfAll: () =>
      rows.all((any) =>
        any
          // One look into the index for each account, however many sessions it has had.
          .selectFrom('accounts as a')
          .innerJoin('sessions as s', (join) =>
            join.onRef('s.account_id', '=', 'a.id').on('s.generation', '=', (e) =>
              e
                .selectFrom('sessions as newest')
                .select((f) => f.fn.max('newest.generation').as('generation'))
                .whereRef('newest.account_id', '=', 'a.id'),
            ),
          )
          .selectAll('s')
          .orderBy('s.account_id'),
      ),
    ofAccount: (accountId, sinceMs) =>
      rows.all((any) =>
        any
          .selectFrom('sessions')
          .selectAll()
          .where('account_id', '=', accountId)
          .where('generation', '>=', (e) =>
            e
              .selectFrom('sessions as before')
              .select((f) => f.fn.coalesce(f.fn.max('before.generation'), f.lit(0)).as('generation'))
              .where('before.account_id', '=', accountId)
              .where('before.created_at_ms', '<', sinceMs),
          )
          .orderBy('generation', 'desc'),
      ),
    insert: (session) => rows.insert(session, taken(session.generation)),
    async update(session) {
      if (!(await rows.update(session, { id: session.id }, { taken: taken(session.generation) })))
        throw new BhorError('not_found', 'This session is not in the store.')
    },
  }
}
