import { sql } from 'kysely'
import {
  botWorkKinds,
  type Claim,
  houseWorkKinds,
  type Lease,
  neverMs,
  type WorkKind,
  type WorkRecord,
  type WorkWrites,
  workKinds,
} from '../../contracts/work.ts'
import { BhorError } from '../../core/errors.ts'
import { count, instant, text, word } from '../columns.ts'
import { rowsOf } from '../rows.ts'
import type { Db } from '../schema.ts'
import { table } from '../table.ts'
import { noWitness } from '../witness.ts'

export const work = table<WorkRecord>()(
  'work',
  {
    accountId: text('account_id'),
    kind: word('kind', workKinds),
    generation: count('generation'),
    plannedAtMs: instant('planned_at_ms'),
    notBeforeMs: instant('not_before_ms'),
    dueAtMs: instant('due_at_ms'),
    attempt: count('attempt'),
    owner: text('owner'),
    epoch: count('epoch'),
    leasedUntilMs: instant('leased_until_ms'),
  },
  { key: 'accountId' },
)

export function workQueries(db: Db): WorkWrites {
  const rows = rowsOf(db, work, noWitness)
  const of = async (accountId: string) => (await rows.list({ accountId }, ['kind'])).records
  const heldBy = ({ accountId, kind, owner, epoch }: Lease) =>
    db
      .updateTable('work')
      .where('account_id', '=', accountId)
      .where('kind', '=', kind)
      .where('owner', '=', owner)
      .where('epoch', '=', epoch)
  return {
    of,
    async next(kinds) {
      // Of somebody who died the lease runs out; what he was at may be planned for later by now.
      const freeAtMs = sql<number>`case when leased_until_ms > due_at_ms then leased_until_ms else due_at_ms end`
      const taken = db
        .selectFrom('work')
        .select((e) => e.fn.min<number | null>(freeAtMs).as('at_ms'))
        .where('owner', '>', '')
        .where('kind', 'in', kinds)
      // One look into the index for each kind, however much of others sleeps.
      const all = kinds.reduce(
        (soonest, kind) =>
          soonest.unionAll(
            db
              .selectFrom('work')
              .select((e) => e.fn.min<number | null>('due_at_ms').as('at_ms'))
              .where('owner', '=', '')
              .where('kind', '=', kind),
          ),
        taken,
      )
      const times = (await all.execute()).flatMap(({ at_ms }) => at_ms ?? [])
      return times.length === 0 ? undefined : Math.min(...times)
    },
    async backlog(nowMs) {
      const due = db
        .selectFrom('work')
        .select((e) => [e.fn.countAll<number>().as('count'), e.fn.min('due_at_ms').as('oldest')])
        .where('due_at_ms', '<=', nowMs)
        .where('kind', 'not in', [...botWorkKinds, ...houseWorkKinds])
      const { count: overdue, oldest } = await due.executeTakeFirstOrThrow()
      return { count: Number(overdue), oldestMs: oldest ?? null }
    },
    async plan(accountId, generation, due) {
      const { records, damaged } = await rows.list({ accountId }, ['kind'])
      // What cannot be read is planned anew.
      if (damaged.length > 0) await rows.delete({ accountId })
      const before = new Map(damaged.length > 0 ? [] : records.map((row) => [row.kind, row]))
      for (const [kind, row] of before) {
        if (due.has(kind)) continue
        // Whoever is at it may still have something to write.
        if (row.owner === '') await rows.delete({ accountId, kind })
        else await rows.update(planned(row, row.generation, neverMs), { accountId, kind })
      }
      for (const [kind, atMs] of due) {
        const row = before.get(kind)
        if (!row) await rows.insert(planned(fresh(accountId, kind), generation, atMs))
        else if (row.plannedAtMs !== atMs || row.generation !== generation)
          await rows.update(planned(row, generation, atMs), { accountId, kind })
      }
    },
    async retryFrom(accountId, kind, atMs) {
      const given = sql<number>`cast(${atMs} as bigint)`
      await db
        .updateTable('work')
        .where('account_id', '=', accountId)
        .where('kind', '=', kind)
        .set((e) => ({
          attempt: atMs === 0 ? 0 : e.ref('attempt'),
          not_before_ms: given,
          due_at_ms: sql<number>`case when planned_at_ms > ${given} then planned_at_ms else ${given} end`,
        }))
        .execute()
    },
    async hold(lease) {
      const held = await heldBy(lease)
        .set((e) => ({ epoch: e.ref('epoch') }))
        .executeTakeFirst()
      if (held.numUpdatedRows > 0n) return
      throw new BhorError('lease_lost', 'Another server has taken over what this one was doing.')
    },
    async settle(lease, { failed, untried = false, plannedAtMs, notBeforeMs }) {
      const { accountId, kind, generation } = lease
      const isOfIt = sql<boolean>`generation = ${generation}`
      // PostgreSQL would take a number beside 0 for a small one.
      const given = sql<number>`cast(${notBeforeMs} as bigint)`
      // What somebody else has given up meanwhile stays given up.
      const waits = sql<number>`case when not_before_ms > ${given} then not_before_ms else ${given} end`
      const rests = sql<number>`case when planned_at_ms = ${plannedAtMs} then ${given} else 0 end`
      const notBefore = sql<number>`case when ${isOfIt} then ${failed || untried ? waits : rests} else not_before_ms end`
      const tries = untried ? sql<number>`attempt` : failed ? sql<number>`attempt + 1` : sql<number>`0`
      await heldBy(lease)
        .set({
          owner: '',
          leased_until_ms: 0,
          attempt: sql<number>`case when ${isOfIt} then ${tries} else attempt end`,
          not_before_ms: notBefore,
          due_at_ms: sql<number>`case when planned_at_ms > ${notBefore} then planned_at_ms else ${notBefore} end`,
        })
        .execute()
      await db
        .deleteFrom('work')
        .where('account_id', '=', accountId)
        .where('kind', '=', kind)
        .where('owner', '=', '')
        .where('planned_at_ms', '=', neverMs)
        .execute()
    },
  }
}

/** What is due and nobody is at, given to whoever asks: two who ask at once get different pieces. */
export async function claim(
  db: Db,
  { owner, nowMs, leaseMs, limit, kinds }: Claim,
  leaseClock: LeaseClock,
): Promise<readonly WorkRecord[]> {
  const now = nowOf(leaseClock)
  const skip = leaseClock === 'database' ? sql`for update skip locked` : sql``
  const { rows } = await sql<object>`
    update work set owner = ${owner}, epoch = epoch + 1, leased_until_ms = ${now} + ${leaseMs}
    where (account_id, kind) in (
      select account_id, kind from work where due_at_ms <= ${nowMs} and leased_until_ms <= ${now}
        and kind in (${sql.join(kinds)})
      order by due_at_ms limit ${limit} ${skip})
    returning *`.execute(db)
  return work.readAll(rows).records
}

/** Prolongs what an owner is at. */
export async function prolong(db: Db, owner: string, leaseMs: number, leaseClock: LeaseClock): Promise<void> {
  const now = nowOf(leaseClock)
  await sql`update work set leased_until_ms = ${now} + ${leaseMs} where owner = ${owner}`.execute(db)
}

export async function free(db: Db): Promise<void> {
  await db.updateTable('work').set({ owner: '', leased_until_ms: 0 }).where('owner', '>', '').execute()
}

/** Whose time leases go by: the database's own, or the one (epoch milliseconds) of the only process that writes. */
export type LeaseClock = 'database' | number

/** A number of its own has no type for PostgreSQL, which could then not add to it. */
function nowOf(leaseClock: LeaseClock) {
  return leaseClock === 'database'
    ? sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql`cast(${leaseClock} as bigint)`
}

function fresh(accountId: string, kind: WorkKind): WorkRecord {
  const nobody = { owner: '', epoch: 0, leasedUntilMs: 0 }
  return { accountId, kind, generation: 0, plannedAtMs: 0, notBeforeMs: 0, dueAtMs: 0, attempt: 0, ...nobody }
}

function planned(row: WorkRecord, generation: number, atMs: number): WorkRecord {
  const tried = row.generation === generation ? {} : { attempt: 0, notBeforeMs: 0 }
  const after = { ...row, ...tried, generation, plannedAtMs: atMs }
  return { ...after, dueAtMs: Math.max(atMs, after.notBeforeMs) }
}
