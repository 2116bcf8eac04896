import type { SQLInputValue } from 'node:sqlite'
import type { AuditHead, AuditLink } from '../../contracts/audit.ts'
import type { AppendAudit, Watch, Watched } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { statusOf } from '../queries/watched.ts'
import type { SqliteConnection, SqliteFile } from './connection.ts'
import { commit, rollback } from './driver.ts'
import { inOurWords } from './faults.ts'

/** Fewer calls for a group; a statement of this size is still prepared quickly. */
const rowsPerInsert = 16
const insertOne = 'insert into audit (seq, at_ms, account_id, entry_json, mac) values (?, ?, ?, ?, ?)'
const insertMany = `${insertOne}${', (?, ?, ?, ?, ?)'.repeat(rowsPerInsert - 1)}`
const selectHead = 'select seq, mac, head_mac as headMac from audit_head where id = 1'
const updateHead = 'update audit_head set seq = ?, mac = ?, head_mac = ? where id = 1'
const selectAccount = `select a.generation, a.mac, (select s.status from sessions s where s.account_id = a.id
  order by s.generation desc limit 1) as status from accounts a where a.id = ?`
const selectKey = 'select 1 from client_keys where id = ? and revoked_at_ms is null'

/**
 * The hot path: one durable commit for a batch of audit records, on prepared statements, in one go and without
 * waiting for anything. Only call it while holding the writer's mutex.
 */
export function appendNow(
  file: SqliteFile,
  watch: Watch,
  append: (head: AuditHead, watched: Watched) => ReturnType<AppendAudit>,
): void {
  const writer = file.writer
  inOurWords(() => writer.prepare('begin immediate').statement.run())
  try {
    const appended = append(readHead(writer), readWatched(writer, watch))
    inOurWords(() => writeLinks(writer, appended))
  } catch (error) {
    rollback(file)
    throw error
  }
  commit(file)
}

function readHead(writer: SqliteConnection): AuditHead {
  const row = inOurWords(() => writer.prepare(selectHead).statement.get())
  if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
  return row as unknown as AuditHead
}

function readWatched(writer: SqliteConnection, watch: Watch): Watched {
  const accounts = new Map<string, { generation: number; status: 'active' | 'ended' | 'none'; mac: string }>()
  const liveKeyIds = new Set<string>()
  inOurWords(() => {
    const account = writer.prepare(selectAccount).statement
    for (const id of watch.accountIds) {
      const row = account.get(id) as { generation: number; status: string | null; mac: string } | undefined
      if (row) accounts.set(id, { generation: row.generation, status: statusOf(row.status), mac: row.mac })
    }
    const key = writer.prepare(selectKey).statement
    for (const id of watch.keyIds) if (key.get(id)) liveKeyIds.add(id)
  })
  return { accounts, liveKeyIds }
}

function writeLinks(writer: SqliteConnection, { links, head }: ReturnType<AppendAudit>): void {
  let at = 0
  for (; at + rowsPerInsert <= links.length; at += rowsPerInsert) {
    const values: SQLInputValue[] = []
    for (let row = at; row < at + rowsPerInsert; row++) pushValues(values, links[row]!)
    writer.prepare(insertMany).statement.run(...values)
  }
  for (; at < links.length; at++) {
    const values: SQLInputValue[] = []
    pushValues(values, links[at]!)
    writer.prepare(insertOne).statement.run(...values)
  }
  writer.prepare(updateHead).statement.run(head.seq, head.mac, head.headMac)
}

function pushValues(values: SQLInputValue[], { seq, atMs, accountId, fields, mac }: AuditLink): void {
  values.push(seq, atMs, accountId, fields, mac)
}
