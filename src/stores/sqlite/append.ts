import type { SQLInputValue } from 'node:sqlite'
import type { AuditHead, AuditLink } from '../../contracts/audit.ts'
import type { AppendAudit, Watch, Watched } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { statusOf } from '../watched.ts'
import type { SqliteConnection, SqliteFile } from './connection.ts'
import { commit, rollback } from './driver.ts'
import { inOurWords } from './faults.ts'

/** Fewer calls for a group; a statement of this size is still prepared quickly. */
const rowsPerInsert = 16
const insertOne = 'insert into audit (seq, at_ms, account_id, entry_json, mac) values (?, ?, ?, ?, ?)'
const insertMany = `${insertOne}${', (?, ?, ?, ?, ?)'.repeat(rowsPerInsert - 1)}`
const updateHead = 'update audit_head set seq = ?, mac = ?, head_mac = ? where id = 1'
const accountFacts = `a.id as accountId, a.generation, a.mac as accountMac,
    (select s.status from sessions s where s.account_id = a.id order by s.generation desc limit 1) as status`
/** The end of the chain, and beside it what most groups watch: one account and one key. */
const lookOnce = `select h.seq, h.mac, h.head_mac as headMac, ${accountFacts},
    k.id as keyId
  from audit_head h
    left join accounts a on a.id = ?
    left join client_keys k on k.id = ? and k.revoked_at_ms is null
  where h.id = 1`
/** Of several, their ids as a JSON array. */
const lookAtAccounts = `select ${accountFacts} from json_each(?) w join accounts a on a.id = w.value`
const lookAtKeys =
  'select k.id as keyId from json_each(?) w join client_keys k on k.id = w.value and k.revoked_at_ms is null'
interface AccountLook {
  readonly accountId: string
  readonly generation: number
  readonly accountMac: string
  readonly status: string | null
}
interface KeyLook {
  readonly keyId: string
}
type Look = AuditHead & (AccountLook | { readonly accountId: null }) & (KeyLook | { readonly keyId: null })

/**
 * The hot path: one durable commit for a batch of audit records, on prepared statements, in one go and without
 * waiting for anything. Only call it while holding the writer's mutex, in a transaction that was begun.
 */
export function appendNow(
  file: SqliteFile,
  watch: Watch,
  append: (head: AuditHead, watched: Watched) => ReturnType<AppendAudit>,
): void {
  const writer = file.writer
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
  const row = writer.prepare(lookOnce).statement.get(accountIds[0] ?? null, keyIds[0] ?? null)
  if (!row) throw new BhorError('store_damaged', 'Store is damaged at table audit_head.')
  const first = row as unknown as Look
  const accounts: Accounts = new Map()
  const liveKeyIds = new Set<string>()
  if (first.accountId !== null) addAccount(accounts, first)
  if (first.keyId !== null) liveKeyIds.add(first.keyId)
  if (accountIds.length > 1) {
    const rows = writer.prepare(lookAtAccounts).statement.all(JSON.stringify(accountIds))
    for (const one of rows as unknown as AccountLook[]) addAccount(accounts, one)
  }
  if (keyIds.length > 1) {
    const rows = writer.prepare(lookAtKeys).statement.all(JSON.stringify(keyIds))
    for (const { keyId } of rows as unknown as KeyLook[]) liveKeyIds.add(keyId)
  }
  return {
    head: { seq: first.seq, mac: first.mac, headMac: first.headMac },
    watched: { accounts, liveKeyIds },
  }
}

type Accounts = Map<string, { generation: number; status: 'active' | 'ended' | 'none'; mac: string }>

function addAccount(accounts: Accounts, { accountId, generation, accountMac, status }: AccountLook): void {
  accounts.set(accountId, { generation, status: statusOf(status), mac: accountMac })
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
