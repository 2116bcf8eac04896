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
const updateHead = 'update audit_head set seq = ?, mac = ?, head_mac = ? where id = 1'
/** The end of the chain, and an account and a key beside it: one statement, because each costs more than what it reads. */
const look = `select h.seq, h.mac, h.head_mac as headMac, a.id as accountId, a.generation, a.mac as accountMac,
    (select s.status from sessions s where s.account_id = a.id order by s.generation desc limit 1) as status,
    k.id as keyId
  from audit_head h
    left join accounts a on a.id = ?
    left join client_keys k on k.id = ? and k.revoked_at_ms is null
  where h.id = 1`
interface Look extends AuditHead {
  readonly accountId: string | null
  readonly generation: number
  readonly accountMac: string
  readonly status: string | null
  readonly keyId: string | null
}

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
    const { head, watched } = inOurWords(() => lookAt(writer, watch))
    const appended = append(head, watched)
    inOurWords(() => writeLinks(writer, appended))
  } catch (error) {
    rollback(file)
    throw error
  }
  commit(file)
}

function lookAt(
  writer: SqliteConnection,
  { accountIds, keyIds }: Watch,
): { head: AuditHead; watched: Watched } {
  const accounts = new Map<string, { generation: number; status: 'active' | 'ended' | 'none'; mac: string }>()
  const liveKeyIds = new Set<string>()
  const { statement } = writer.prepare(look)
  let end: Look
  let at = 0
  do {
    const row = statement.get(accountIds[at] ?? null, keyIds[at] ?? null) as Look | undefined
    if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
    const { accountId, generation, accountMac, status, keyId } = row
    if (accountId !== null) accounts.set(accountId, { generation, status: statusOf(status), mac: accountMac })
    if (keyId !== null) liveKeyIds.add(keyId)
    end = row
    at++
  } while (at < accountIds.length || at < keyIds.length)
  const { seq, mac, headMac } = end
  return { head: { seq, mac, headMac }, watched: { accounts, liveKeyIds } }
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
