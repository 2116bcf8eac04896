import type { SQLInputValue } from 'node:sqlite'
import type { AuditHead, AuditLink } from '../../contracts/audit.ts'
import type { Appended, FeedRecord, KeyUseRecord, Watch, Watched } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { unwritten } from '../table.ts'
import { rowOfEvent } from '../tables/feed.ts'
import { addToUse } from '../tables/key-uses.ts'
import { type AccountLook, isWatching, type KeyLook, type UnknownRow, watchedIn } from '../watched.ts'
import type { SqliteConnection, SqliteFile } from './connection.ts'
import { commit, rollback } from './driver.ts'
import { inOurWords } from './faults.ts'

/** Fewer calls for a group; a statement of this size is still prepared quickly. */
const rowsPerInsert = 16
const insertOne = 'insert into audit (seq, at_ms, account_id, entry_json, mac) values (?, ?, ?, ?, ?)'
const insertMany = `${insertOne}${', (?, ?, ?, ?, ?)'.repeat(rowsPerInsert - 1)}`
const updateHead = 'update audit_head set seq = ?, mac = ?, inventory = ?, head_mac = ? where id = 1'
const accountFacts = `a.id as accountId, a.generation, a.mac as accountMac,
    s.id as sessionId, s.mac as sessionMac, s.status,
    (select mac from house) as houseMac, (select coalesce(kill_json, seal_json) from house) as houseStop`
const latestSession = `left join sessions s on s.id = (
      select l.id from sessions l where l.account_id = a.id order by l.generation desc limit 1)`
/** The end of the chain, and beside it what most groups watch: one account and one key. */
const lookOnce = `select h.seq, h.mac, h.inventory, h.head_mac as headMac, ${accountFacts},
    k.id as keyId, k.mac as keyMac
  from audit_head h
    left join accounts a on a.id = ?
    ${latestSession}
    left join client_keys k on k.id = ? and k.revoked_at_ms is null
  where h.id = 1`
/** Of several, their ids as a JSON array. */
const lookAtAccounts = `select ${accountFacts}
  from json_each(?) w join accounts a on a.id = w.value ${latestSession}`
const lookAtKeys = `select k.id as keyId, k.mac as keyMac
  from json_each(?) w join client_keys k on k.id = w.value and k.revoked_at_ms is null`
const lookAtUses =
  'select distinct u.key_id as keyId from json_each(?) w join key_uses u on u.minute = ? and u.key_id = w.value'
const addUse = `insert into key_uses (minute, key_id, account_id, count, last_at_ms)
  values (?, ?, ?, ?, ?) ${addToUse}`
type Look = AuditHead & (AccountLook | { readonly accountId: null }) & (KeyLook | { readonly keyId: null })

/** Nothing was written: the inventory has to learn first what has happened, and of these rows. */
export class Unlearnt extends Error {
  override readonly name = 'Unlearnt'
  readonly rows: readonly UnknownRow[]

  constructor(rows: readonly UnknownRow[]) {
    super('The store is not as it is known.')
    this.rows = rows
  }
}

/**
 * The hot path: one durable commit for a batch of audit records, on prepared statements, in one go and without
 * waiting for anything. Only call it while holding the writer's mutex, in a transaction that was begun.
 *
 * @throws Unlearnt, after which it can be tried again
 */
export function appendNow(
  file: SqliteFile,
  inventory: Inventory,
  watch: Watch,
  append: (head: AuditHead, watched: Watched) => Appended,
): void {
  const writer = file.writer
  let end: AuditHead
  try {
    if (isWatching(watch)) inventory.refuseRolledBack()
    const { head, accounts, keys, usedKeyIds } = inOurWords(() => lookAt(writer, watch))
    if (!inventory.canGoOnFrom(head)) throw new Unlearnt([])
    const { watched, unknown } = watchedIn(inventory, accounts, keys, usedKeyIds)
    if (unknown.length > 0) throw new Unlearnt(unknown)
    const appended = append(head, watched)
    end = appended.head
    inOurWords(() => {
      writeLinks(writer, appended)
      for (const use of appended.uses ?? []) writeUse(writer, use)
      for (const event of appended.events ?? []) writeEvent(writer, event)
    })
  } catch (error) {
    rollback(file)
    throw error
  }
  commit(file)
  inventory.committed(end)
}

function lookAt(
  writer: SqliteConnection,
  { accountIds, keyIds, uses }: Watch,
): { head: AuditHead; accounts: AccountLook[]; keys: KeyLook[]; usedKeyIds: ReadonlySet<string> } {
  const row = writer.prepare(lookOnce).statement.get(accountIds[0] ?? null, keyIds[0] ?? null)
  if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
  const first = row as unknown as Look
  const { seq, mac, inventory, headMac } = first
  const several = (sql: string, ids: readonly string[]): unknown =>
    writer.prepare(sql).statement.all(JSON.stringify(ids))
  const used =
    uses && uses.keyIds.length > 0
      ? writer.prepare(lookAtUses).statement.all(JSON.stringify(uses.keyIds), uses.minute)
      : []
  return {
    usedKeyIds: new Set((used as unknown as { keyId: string }[]).map(({ keyId }) => keyId)),
    head: { seq, mac, inventory, headMac },
    accounts:
      accountIds.length > 1
        ? (several(lookAtAccounts, accountIds) as AccountLook[])
        : first.accountId === null
          ? []
          : [first],
    keys:
      keyIds.length > 1 ? (several(lookAtKeys, keyIds) as KeyLook[]) : first.keyId === null ? [] : [first],
  }
}

function writeLinks(writer: SqliteConnection, { links, head }: Appended): void {
  let at = 0
  for (; at + rowsPerInsert <= links.length; at += rowsPerInsert) {
    const values: SQLInputValue[] = []
    for (let row = at; row < at + rowsPerInsert; row++) pushValues(values, links[row]!)
    insert(writer, insertMany, values, rowsPerInsert)
  }
  for (; at < links.length; at++) {
    const values: SQLInputValue[] = []
    pushValues(values, links[at]!)
    insert(writer, insertOne, values, 1)
  }
  const { seq, mac, inventory, headMac } = head
  const { changes } = writer.prepare(updateHead).statement.run(seq, mac, inventory, headMac)
  if (Number(changes) !== 1) throw unwritten('audit_head', String(seq))
}

function insert(writer: SqliteConnection, sql: string, values: SQLInputValue[], rows: number): void {
  const { changes } = writer.prepare(sql).statement.run(...values)
  if (Number(changes) !== rows) throw unwritten('audit', String(values[0]))
}

function pushValues(values: SQLInputValue[], { seq, atMs, accountId, fields, mac }: AuditLink): void {
  values.push(seq, atMs, accountId, fields, mac)
}

function writeUse(
  writer: SqliteConnection,
  { minute, keyId, accountId, count, lastAtMs }: KeyUseRecord,
): void {
  const { changes } = writer.prepare(addUse).statement.run(minute, keyId, accountId, count, lastAtMs)
  if (Number(changes) !== 1) throw unwritten('key_uses', keyId)
}

/** Seldom: at most once for each key and minute. */
function writeEvent(writer: SqliteConnection, event: FeedRecord): void {
  const row = rowOfEvent(event)
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  const sql = `insert into feed (${columns.join(', ')}) values (${places})`
  const { changes } = writer.prepare(sql).statement.run(...Object.values(row))
  if (Number(changes) !== 1) throw unwritten('feed', String(event.seq))
}
