import type { QueryResult } from 'pg'
import type { AuditHead } from '../../contracts/audit.ts'
import type { Appended, Watch, Watched } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { unknownOutcome } from '../faults.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Db } from '../schema.ts'
import { unwritten } from '../table.ts'
import { auditHead } from '../tables/audit.ts'
import { feedQueries } from '../tables/feed.ts'
import { addToUse } from '../tables/key-uses.ts'
import { type AccountLook, isWatching, type KeyLook, watchedIn } from '../watched.ts'
import type { Answer, BorrowedClient, Statement } from './borrowed.ts'
import { takeTurn, wentOn } from './driver.ts'
import { flush } from './flush.ts'

const begin = { text: `begin isolation level read committed; ${takeTurn}` }

/** The end of the chain, a record that was its end before, and what is watched, once nobody else can change any of it. */
const look = `
  select h.seq, h.mac, h.inventory, h.head_mac,
    (select mac from audit where seq = $1) as seen_mac,
    (select json_agg(json_build_object(
        'accountId', a.id, 'generation', a.generation, 'accountMac', a.mac,
        'sessionId', s.id, 'sessionMac', s.mac, 'status', s.status,
        'houseMac', (select mac from house), 'houseStop', (select coalesce(kill_json, seal_json) from house)))
      from accounts a left join sessions s on s.id = (
        select l.id from sessions l where l.account_id = a.id order by l.generation desc limit 1)
      where a.id = any($2::text[])) as accounts,
    (select json_agg(json_build_object('keyId', k.id, 'keyMac', k.mac))
      from client_keys k where k.id = any($3::text[]) and k.revoked_at_ms is null) as keys,
    (select json_agg(distinct u.key_id)
      from key_uses u where u.minute = $4 and u.key_id = any($5::text[])) as used
  from audit_head h`
interface Looked {
  readonly seen_mac: string | null
  readonly accounts: readonly AccountLook[] | null
  readonly keys: readonly KeyLook[] | null
  readonly used: readonly string[] | null
}

/**
 * Everything in one statement, sent together with the commit. Whatever kept a row from being written makes it fail, by
 * a calculation that has no result: one for each table, told by its SQLSTATE.
 */
const write = `
  with links as (
    insert into audit (seq, at_ms, account_id, entry_json, mac)
    select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[]) returning 1),
  uses as (
    insert into key_uses (minute, key_id, account_id, count, last_at_ms)
    select * from unnest($6::bigint[], $7::text[], $8::text[], $9::bigint[], $10::bigint[])
    ${addToUse} returning 1),
  head as (update audit_head set seq = $11, mac = $12, inventory = $13, head_mac = $14 returning 1)
  select
    1 / case when (select count(*) from links) = cardinality($1::bigint[]) then 1 else 0 end,
    sqrt(case when (select count(*) from uses) = cardinality($6::bigint[]) then 1 else -1 end),
    ln(case when (select count(*) from head) = 1 then 1 else 0 end)`
const unwrittenTables: Readonly<Record<string, string>> = {
  '22012': 'audit',
  '2201F': 'key_uses',
  '2201E': 'audit_head',
}

/** Whoever waits for the end of the chain need not wait for the disk as well; see flush.ts. */
const commitAndFlush = { text: `set local synchronous_commit to off; commit; ${flush}` }
const commit = { text: 'commit' }

/**
 * The hot path: one durable commit for a batch of audit records, in two ways there and back. It is durable when this
 * resolves. What others read of it before decides nothing: events, which others follow, are seen when they are durable.
 *
 * @param within the reads of this transaction, for what is seldom
 */
export async function appendOn(
  client: BorrowedClient,
  inventory: Inventory,
  within: () => Db,
  watch: Watch,
  append: (head: AuditHead, watched: Watched) => Appended,
): Promise<AuditHead> {
  try {
    const { seen } = inventory
    const row = rowIn(await client.sendTogether([begin, lookAt(watch, seen.seq)]))
    const head = auditHead.read(row)
    if (!inventory.meetBeside(head, seen, row.seen_mac ?? undefined))
      await inventory.meet(within(), head, seen)
    const appended = append(head, await watchedNow(inventory, within, watch, row))
    await store(client, within, appended)
    return appended.head
  } catch (error) {
    await client.rollback()
    throw error
  }
}

function lookAt({ accountIds, keyIds, uses }: Watch, seenSeq: number): Statement {
  const values = [seenSeq, accountIds, keyIds, uses?.minute ?? 0, uses?.keyIds ?? []]
  return { name: 'bhor_look', text: look, values }
}

function rowIn(answers: readonly Answer[]): Looked & object {
  const results = answers.map(resultOf)
  const row = results.at(-1)?.rows[0] as (Looked & object) | undefined
  if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
  return row
}

/** What a hand-out watches, as of this transaction. */
async function watchedNow(
  inventory: Inventory,
  within: () => Db,
  watch: Watch,
  { accounts, keys, used }: Looked,
): Promise<Watched> {
  if (isWatching(watch)) inventory.refuseRolledBack()
  const { watched, unknown } = watchedIn(inventory, accounts ?? [], keys ?? [], new Set(used))
  if (unknown.length === 0) return watched
  await inventory.judgeWatched(within(), unknown)
  inventory.refuseRolledBack()
  return watched
}

async function store(client: BorrowedClient, within: () => Db, appended: Appended): Promise<void> {
  const { events = [], head } = appended
  const all = writeAll(appended)
  // Seldom: at most once for each key and minute.
  if (events.length > 0) {
    for (const answer of await client.sendTogether([all])) writtenBy(answer, head)
    await feedQueries(within()).insert(events)
  }
  const answers = await client.sendTogether(events.length > 0 ? [commit] : [all, commitAndFlush])
  const ended = answers.pop()
  for (const answer of answers) writtenBy(answer, head)
  if (ended?.status === 'rejected') throw unknownOutcome(ended.reason)
  if ([ended?.value].flat().every((result) => result?.command !== 'COMMIT')) throw wentOn()
}

function writeAll({ links, uses = [], head }: Appended): Statement {
  const values = [
    links.map(({ seq }) => seq),
    links.map(({ atMs }) => atMs),
    links.map(({ accountId }) => accountId),
    links.map(({ fields }) => fields),
    links.map(({ mac }) => mac),
    uses.map(({ minute }) => minute),
    uses.map(({ keyId }) => keyId),
    uses.map(({ accountId }) => accountId),
    uses.map(({ count }) => count),
    uses.map(({ lastAtMs }) => lastAtMs),
    head.seq,
    head.mac,
    head.inventory,
    head.headMac,
  ]
  return { name: 'bhor_append', text: write, values }
}

function resultOf(answer: Answer): QueryResult | undefined {
  if (answer.status === 'rejected') throw answer.reason
  return [answer.value].flat().at(-1)
}

function writtenBy(answer: Answer, { seq }: AuditHead): void {
  if (answer.status === 'fulfilled') return
  const reason: unknown = answer.reason
  const sqlstate = reason instanceof BhorError ? String(reason.facts.sqlstate) : ''
  const table = unwrittenTables[sqlstate]
  if (table) throw unwritten(table, String(seq))
  throw reason
}
