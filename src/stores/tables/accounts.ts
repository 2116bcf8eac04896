import {
  type AccountRecord,
  type AccountSettings,
  type AccountWrites,
  accountKinds,
} from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, json, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import {
  fieldsOf,
  isCount,
  isFlag,
  isInstant,
  isText,
  listOf,
  mapOf,
  maybe,
  oneOf,
  type Shape,
} from '../shapes.ts'
import { table } from '../table.ts'
import type { Witness } from '../witness.ts'
import { isPause } from './house.ts'
import { intents } from './intents.ts'
import { logins } from './logins.ts'
import { mirrors } from './mirrors.ts'
import { prompts } from './prompts.ts'
import { sessions } from './sessions.ts'

const isSettings = fieldsOf({
  group: maybe(isText),
  egress: maybe(
    fieldsOf({
      from: maybe(isText),
      proxy: maybe(isText),
      sealedLogin: maybe(isText),
      registered: maybe(listOf(isText)),
    }),
  ),
  hygiene: maybe(fieldsOf({ logoutAt: maybe(isText), logoutUnusedAfter: maybe(isText) })),
  renewable: maybe(isFlag),
  rateLimit: maybe(fieldsOf({ requestsPerSecond: isCount, burstSize: isCount })),
}) as Shape<AccountSettings>

const isSeenEgress = fieldsOf({
  atMs: isInstant,
  addresses: listOf(isText),
  seenAtMs: maybe(isInstant),
  code: isText,
  changed: maybe(fieldsOf({ atMs: isInstant, before: listOf(isText) })),
}) as Shape<NonNullable<AccountRecord['lastEgress']>>

export const accounts = table<AccountRecord>()(
  'accounts',
  {
    id: text('id'),
    alias: text('alias'),
    label: text('label'),
    broker: text('broker'),
    kind: word('kind', accountKinds),
    appId: text('app_id'),
    userId: text('user_id'),
    redirectUrl: text('redirect_url'),
    postbackUrl: text('postback_url'),
    fields: json('fields_json', mapOf(isText)),
    sealedSecrets: text('sealed_secrets'),
    settings: json('settings_json', isSettings),
    generation: count('generation'),
    createdAtMs: instant('created_at_ms'),
    updatedAtMs: instant('updated_at_ms'),
    lastLoginAtMs: nullable(instant('last_login_at_ms')),
    lastProbe: nullable(
      json(
        'last_probe_json',
        fieldsOf({ atMs: isInstant, verdict: oneOf(['valid', 'invalid', 'unknown']), code: isText }),
      ),
    ),
    lastDoubt: nullable(json('last_doubt_json', fieldsOf({ atMs: isInstant, code: isText }))),
    lastFault: nullable(json('last_fault_json', fieldsOf({ atMs: isInstant, code: isText, detail: isText }))),
    lastEgress: nullable(json('last_egress_json', isSeenEgress)),
    pause: nullable(json('pause_json', isPause)),
    mac: text('mac'),
  },
  {
    sealed: {
      columns: ['sealed_secrets', 'settings_json'],
      texts: ({ sealedSecrets, settings }) => [sealedSecrets, settings.egress?.sealedLogin ?? ''],
    },
    key: 'id',
    called: 'alias',
    live: {},
  },
)

const taken = () => new BhorError('already_exists', 'An account with this name already exists.')

export function accountQueries(db: Db, witness: Witness): AccountWrites {
  const rows = rowsOf(db, accounts, witness)
  return {
    list: () => rows.list({}, ['alias']),
    byId: (id) => rows.find({ id }),
    byAlias: (alias) => rows.find({ alias }),
    async idOf(alias) {
      const row = await db.selectFrom('accounts').select('id').where('alias', '=', alias).executeTakeFirst()
      return row?.id
    },
    ofApp: (appId) => rows.list({ appId }, ['alias']),
    insert: (account) => rows.insert(account, taken),
    async update(account, generation) {
      const { id } = account
      if (await rows.update(account, { id, generation }, { taken })) return
      const stored = await rows.find({ id })
      if (!stored) throw new BhorError('account_not_found', 'This account is not in the store.')
      throw new BhorError(
        'generation_conflict',
        'Another session was stored for this account in the meantime.',
        { facts: { expected: generation, stored: stored.generation } },
      )
    },
    async delete(id) {
      await rowsOf(db, intents, witness).delete({ accountId: id })
      await rowsOf(db, logins, witness).delete({ accountId: id })
      await rowsOf(db, prompts, witness).delete({ accountId: id })
      await rowsOf(db, mirrors, witness).delete({ accountId: id })
      await rowsOf(db, sessions, witness).delete({ accountId: id })
      await db.deleteFrom('work').where('account_id', '=', id).execute()
      await rows.delete({ id })
    },
  }
}
