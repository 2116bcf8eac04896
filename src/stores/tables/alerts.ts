import {
  type AlertChannelRecord,
  type AlertChannelWrites,
  alertKinds,
  channelKinds,
  type DeliveryRecord,
  type DeliveryWrites,
  type IncidentRecord,
  type IncidentWrites,
  type OutboxRecord,
  type OutboxWrites,
  severities,
} from '../../contracts/alerts.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, json, nullable, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { fieldsOf, isText, listOf, mapOf } from '../shapes.ts'
import { table } from '../table.ts'
import { noWitness, type Witness } from '../witness.ts'

export const channels = table<AlertChannelRecord>()(
  'alert_channels',
  {
    id: text('id'),
    name: text('name'),
    kind: word('kind', channelKinds),
    settings: json('settings_json', mapOf(isText)),
    sealedSecrets: text('sealed_secrets'),
    leastSeverity: word('least_severity', severities),
    accountIds: nullable(json('account_ids_json', listOf(isText))),
    quiet: nullable(json('quiet_json', fieldsOf({ from: isText, until: isText }))),
    createdAtMs: instant('created_at_ms'),
    updatedAtMs: instant('updated_at_ms'),
    mac: text('mac'),
  },
  {
    key: 'id',
    called: 'name',
    live: {},
    sealed: { columns: ['sealed_secrets'], texts: ({ sealedSecrets }) => [sealedSecrets] },
  },
)

export const outbox = table<OutboxRecord>()(
  'alert_outbox',
  {
    id: text('id'),
    channelId: text('channel_id'),
    atMs: instant('at_ms'),
    severity: word('severity', severities),
    sealedAlert: text('sealed_alert'),
  },
  { key: 'id', sealed: { columns: ['sealed_alert'], texts: ({ sealedAlert }) => [sealedAlert] } },
)

export const incidents = table<IncidentRecord>()(
  'alert_incidents',
  {
    id: text('id'),
    kind: word('kind', alertKinds),
    cause: text('cause'),
    accountId: nullable(text('account_id')),
    sinceMs: instant('since_ms'),
    toldAtMs: instant('told_at_ms'),
    channelIds: json('channel_ids_json', listOf(isText)),
  },
  { key: 'id' },
)

export const deliveries = table<DeliveryRecord>()(
  'alert_deliveries',
  {
    channelId: text('channel_id'),
    triedAtMs: nullable(instant('tried_at_ms')),
    trying: json('trying_json', listOf(isText)),
    deliveredAtMs: nullable(instant('delivered_at_ms')),
    failedAtMs: nullable(instant('failed_at_ms')),
    failureCode: text('failure_code'),
    failureText: text('failure_text'),
    failures: count('failures'),
    checkedAtMs: nullable(instant('checked_at_ms')),
    deliveredCount: count('delivered_count'),
    failedCount: count('failed_count'),
    leftOut: count('left_out'),
  },
  { key: 'channelId' },
)

export function channelQueries(db: Db, witness: Witness): AlertChannelWrites {
  const rows = rowsOf(db, channels, witness)
  const taken = () => new BhorError('already_exists', 'A channel with this name already exists.')
  return {
    list: () => rows.list({}, ['name']),
    byId: (id) => rows.find({ id }),
    insert: (channel) => rows.insert(channel, taken),
    async update(channel) {
      if (!(await rows.update(channel, { id: channel.id }, { taken })))
        throw new BhorError('channel_not_found', 'This channel is not in the store.')
    },
    async delete(id) {
      await db.deleteFrom('work').where('account_id', '=', id).execute()
      await rows.delete({ id })
    },
  }
}

export function outboxQueries(db: Db): OutboxWrites {
  const rows = rowsOf(db, outbox, noWitness)
  return {
    byId: (id) => rows.find({ id }),
    of: (channelId, limit) =>
      rows.all((other) =>
        other
          .selectFrom('alert_outbox')
          .selectAll()
          .where('channel_id', '=', channelId)
          .orderBy((e) => e.case().when('severity', '=', 'critical').then(0).else(1).end())
          .orderBy('at_ms')
          .orderBy('id')
          .limit(limit),
      ),
    async depth() {
      const { count: waiting, oldest } = await db
        .selectFrom('alert_outbox')
        .select((e) => [e.fn.countAll<number>().as('count'), e.fn.min('at_ms').as('oldest')])
        .executeTakeFirstOrThrow()
      return { count: Number(waiting), oldestMs: oldest ?? null }
    },
    insert: (record) => rows.insert(record),
    async delete(ids) {
      if (ids.length > 0) await db.deleteFrom('alert_outbox').where('id', 'in', ids).execute()
    },
  }
}

export function incidentQueries(db: Db): IncidentWrites {
  const rows = rowsOf(db, incidents, noWitness)
  return {
    // A row that cannot be read is none: then it is told again.
    list: async () => (await rows.list({}, ['id'])).records,
    async set(record) {
      await rows.delete({ id: record.id })
      await rows.insert(record)
    },
    delete: (id) => rows.delete({ id }),
  }
}

export function deliveryQueries(db: Db): DeliveryWrites {
  const rows = rowsOf(db, deliveries, noWitness)
  return {
    list: async () => (await rows.list({}, ['channelId'])).records,
    of: async (channelId) => (await rows.list({ channelId }, [])).records[0],
    async set(record) {
      await rows.delete({ channelId: record.channelId })
      await rows.insert(record)
    },
  }
}
