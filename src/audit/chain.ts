import {
  type AuditHead,
  type AuditLink,
  type AuditRecord,
  type AuditVerdict,
  auditHeadText,
} from '../contracts/audit.ts'
import type { Vault } from '../contracts/secrets.ts'
import { BhorError } from '../core/errors.ts'
import { entryText, type PreparedEntry, timedText } from './entry.ts'
import type { ChainPlace } from './retention.ts'

/** The chain's keyed hash; see `Vault.auditMac`. */
export type AuditMac = Vault['auditMac']

/** What a record's MAC covers: its number, the MAC before it, and every field. */
function recordText(seq: number, macBefore: string, text: string): string {
  return `["bhor-audit",${seq},${JSON.stringify(macBefore)},${text}]`
}

/** An entry that waits for its place in the chain. */
export interface ReadyEntry {
  readonly atMs: number
  readonly prepared: PreparedEntry
}

/**
 * The next links of the chain and its new end.
 *
 * @param inventory that of the new end
 *
 * @throws BhorError `audit_broken` when the end itself was changed: whoever went on from it would make a cut look whole
 */
export function link(
  head: AuditHead,
  entries: readonly ReadyEntry[],
  mac: AuditMac,
  inventory = head.inventory,
): { links: AuditLink[]; head: AuditHead } {
  if (!isHeadGenuine(head, mac)) {
    throw new BhorError('audit_broken', `The end of the audit log, record ${head.seq}, was changed.`, {
      facts: { seq: head.seq },
    })
  }
  let macBefore = head.mac
  let seq = head.seq
  const links = entries.map(({ atMs, prepared: { accountId, text, fields } }): AuditLink => {
    seq++
    macBefore = mac(recordText(seq, macBefore, timedText(atMs, text)))
    return { seq, atMs, accountId, fields, mac: macBefore }
  })
  const end = { seq, mac: macBefore, inventory }
  return { links, head: { ...end, headMac: mac(auditHeadText(end)) } }
}

/**
 * The end of the chain behind these records, which follow on `head`.
 *
 * @throws BhorError `audit_broken`
 */
export function follow(head: AuditHead, records: readonly AuditRecord[], mac: AuditMac): AuditHead {
  let { seq, mac: macBefore } = head
  for (const record of records) {
    seq++
    if (record.seq !== seq || record.mac !== mac(recordText(seq, macBefore, entryText(record)))) {
      throw new BhorError('audit_broken', `Record ${record.seq} of the audit log was not written by bhor.`, {
        facts: { seq: record.seq },
      })
    }
    macBefore = record.mac
  }
  const end = { seq, mac: macBefore, inventory: head.inventory }
  return records.length === 0 ? head : { ...end, headMac: mac(auditHeadText(end)) }
}

function isHeadGenuine(head: AuditHead, mac: AuditMac): boolean {
  return head.headMac === mac(auditHeadText(head))
}

/**
 * Reads a chain from its first record and names the first one at fault. Without the key nobody can make a
 * record that passes, so a fault is where the chain stops being what was written:
 * `missing` a number is not there; `inserted` a record that nobody wrote, the one behind it being sound;
 * `out_of_order` sound records that changed places; `changed` anything else that does not pass;
 * `tail_cut` the authentic end names later records; `head_changed` the end is not authentic or is an older one.
 *
 * @param records as stored, rising by `seq`
 * @param head asked for when the records have ended, so that what is appended meanwhile is no fault
 */
export async function verifyChain(
  records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>,
  head: () => AuditHead | Promise<AuditHead>,
  vault: Pick<Vault, 'auditMac'>,
  start: ChainPlace = { seq: 0, mac: '' },
): Promise<AuditVerdict> {
  const mac = vault.auditMac
  const passes = (record: AuditRecord, seq: number, macBefore: string) =>
    record.mac === mac(recordText(seq, macBefore, entryText(record)))
  let macBefore = start.mac
  let expected = start.seq + 1
  let count = 0
  let suspect: AuditRecord | undefined
  let fault: { seq: number; fault: 'changed' | 'missing' | 'inserted' | 'out_of_order' } | undefined
  for await (const record of records) {
    count++
    if (suspect) {
      fault ??= { seq: expected, fault: nameFault(suspect, record, expected, macBefore, passes) }
    } else if (record.seq === expected && passes(record, expected, macBefore)) {
      macBefore = record.mac
      expected++
    } else {
      suspect = record
    }
  }
  if (suspect) fault ??= { seq: expected, fault: nameFault(suspect, undefined, expected, macBefore, passes) }
  if (fault) return { intact: false, ...fault, records: count }
  const verdict = verifyEnd(await head(), { seq: start.seq + count, count, mac: macBefore }, mac)
  return verdict.intact && start.seq > 0 ? { ...verdict, prunedUpTo: start.seq } : verdict
}

function nameFault(
  suspect: AuditRecord,
  next: AuditRecord | undefined,
  expected: number,
  macBefore: string,
  passes: (record: AuditRecord, seq: number, macBefore: string) => boolean,
): 'changed' | 'missing' | 'inserted' | 'out_of_order' {
  const isNextSound = next !== undefined && passes(next, expected, macBefore)
  if (isNextSound) return passes(suspect, expected + 1, next.mac) ? 'out_of_order' : 'inserted'
  if (suspect.seq > expected) return 'missing'
  if (suspect.seq < expected) return 'inserted'
  return 'changed'
}

function verifyEnd(
  head: AuditHead,
  read: { seq: number; count: number; mac: string },
  mac: AuditMac,
): AuditVerdict {
  const fault = (seq: number, name: 'tail_cut' | 'head_changed'): AuditVerdict => ({
    intact: false,
    seq,
    fault: name,
    records: read.count,
  })
  if (!isHeadGenuine(head, mac)) return fault(head.seq, 'head_changed')
  if (head.seq > read.seq) return fault(read.seq + 1, 'tail_cut')
  if (head.seq < read.seq || head.mac !== read.mac) return fault(head.seq, 'head_changed')
  return { intact: true, records: read.count }
}
