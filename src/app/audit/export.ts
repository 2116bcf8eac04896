import { createHash } from 'node:crypto'
import { isAbsolute, join } from 'node:path'
import { follow } from '../../audit/chain.ts'
import { type ChainPlace, placeOf, placeRow } from '../../audit/retention.ts'
import type { AuditExported, ExportAudit } from '../../contracts/api.ts'
import type { AuditRecord } from '../../contracts/audit.ts'
import { BhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { backupStamp } from '../../session/ground/backup-state.ts'
import { change } from '../../session/ground/change.ts'
import type { SessionContext } from '../../session/ground/context.ts'
import { keeper, type Principal, requireConfirmed, requireOperator } from '../../session/ground/rights.ts'
import { writePrivately } from '../backup/private-file.ts'

/** Records a read, and of one commit. */
const pageSize = 500

/**
 * Writes the records before a time into a file, with a signed checkpoint behind them. Only what was exported so can be
 * pruned later; nothing is pruned by this.
 *
 * @throws BhorError `scope_missing`, `confirmation_needed`, `bad_field`, `not_found` where there is none, `audit_broken`, `output_exists`, `backup_failed`
 */
export async function exportAudit(
  { context, home }: { readonly context: SessionContext; readonly home: string },
  principal: Principal,
  { path: named, before, replace = false }: ExportAudit,
): Promise<AuditExported> {
  requireConfirmed(context, principal, 'audit.archive')
  // Its lines hold what people have written: at a place of somebody's choice another program may run them.
  if (named !== undefined || replace) requireOperator(principal)
  const beforeMs = momentOf(before)
  const path = named ?? join(home, 'exports', `audit-before-${backupStamp(beforeMs)}.jsonl`)
  if (!isAbsolute(path))
    throw new BhorError('bad_field', 'The path of an export is a whole one, from the root on.')
  const { store, vault, random, clock } = context
  const start = await placeOf(store, 'start', vault.auditMac)
  const [first] = await store.audit.from(start.seq + 1, 1)
  if (!first || first.atMs >= beforeMs)
    throw new BhorError('not_found', 'No record is that old.', { hint: 'Give a later time.' })
  const options = { path, random, replaces: replace, makesFolder: named === undefined }
  const { end, records } = await writePrivately(options, async (file) => {
    const digest = createHash('sha256')
    let end: ChainPlace = start
    let records = 0
    for await (const page of pagesBefore(context, start, beforeMs)) {
      const lines = page.map((record) => `${JSON.stringify(record)}\n`).join('')
      digest.update(lines)
      await file.writeFile(lines)
      records += page.length
      end = page.at(-1)!
    }
    const checkpoint = {
      from: start.seq + 1,
      seq: end.seq,
      mac: end.mac,
      records,
      sha256: digest.digest('hex'),
      at: iso(clock.nowMs()),
    }
    const sign = vault.auditMac(JSON.stringify(['bhor-audit-export', checkpoint]))
    await file.writeFile(`${JSON.stringify({ checkpoint, sign })}\n`)
    return { end, records }
  })
  // Only now, when the file is durable: what is told as exported may go.
  await change(context, async (c) => {
    const detail = { records, seq: end.seq, path }
    const tx = c.tell({ actor: principal.actor, action: 'audit.export', result: 'ok', detail })
    const known = await placeOf(c.reads, 'exported', vault.auditMac)
    if (end.seq > known.seq) await tx.meta.set(...placeRow('exported', end, vault.auditMac))
  })
  return { path, records, from: start.seq + 1, upTo: end.seq }
}

/**
 * Prunes what is older than `beforeMs` and was exported. Each commit takes a piece away and moves the start of the chain, so
 * that a kill leaves a whole one.
 */
export async function pruneAudit(
  context: SessionContext,
  beforeMs: number,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const { store, vault } = context
  while (!isStopped() && !store.rollback()) {
    const isMore = await change(context, async (c) => {
      const start = await placeOf(c.reads, 'start', vault.auditMac)
      const exported = await placeOf(c.reads, 'exported', vault.auditMac)
      const page = await c.reads.audit.from(start.seq + 1, pageSize)
      const { seq: lastSeq } = await c.reads.audit.head()
      const old = prefixBefore(page, beforeMs).filter(({ seq }) => seq <= exported.seq && seq < lastSeq)
      const last = old.at(-1)
      if (!last) return false
      // What does not follow was changed: it stays, for whoever looks.
      follow(headAt(start), old, vault.auditMac)
      const detail = { records: old.length, seq: last.seq }
      const tx = c.tell({ actor: keeper.actor, action: 'audit.prune', result: 'ok', detail })
      await tx.meta.set(...placeRow('start', last, vault.auditMac))
      await c.pruneAudit(last.seq)
      return old.length === pageSize
    })
    if (!isMore) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The records in order, each known to follow on the one before; never the last one of the chain. */
async function* pagesBefore(
  { store, vault }: SessionContext,
  start: ChainPlace,
  beforeMs: number,
): AsyncGenerator<readonly AuditRecord[], void> {
  const { seq: lastSeq } = await store.audit.head()
  for (let at: ChainPlace = start; ; ) {
    const page = await store.audit.from(at.seq + 1, pageSize)
    const old = prefixBefore(page, beforeMs).filter(({ seq }) => seq < lastSeq)
    const last = old.at(-1)
    if (!last) return
    follow(headAt(at), old, vault.auditMac)
    yield old
    if (old.length < pageSize) return
    at = last
  }
}

function prefixBefore(page: readonly AuditRecord[], beforeMs: number): readonly AuditRecord[] {
  const end = page.findIndex(({ atMs }) => atMs >= beforeMs)
  return end === -1 ? page : page.slice(0, end)
}

function headAt({ seq, mac }: ChainPlace) {
  return { seq, mac, inventory: '', headMac: '' }
}

function momentOf(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch {
    throw new BhorError('bad_field', `before is no instant (${text.length} characters).`, {
      hint: 'Write an instant in UTC, such as 2021-11-24T00:00:00Z.',
    })
  }
}
