import { hash } from 'node:crypto'
import type { ReadyEntry } from '../../../src/audit/chain.ts'
import { prepared, settled } from '../../../src/audit/entry.ts'
import type { AuditEntry, AuditLink, AuditRecord } from '../../../src/contracts/audit.ts'

/** A keyed hash for the chain; the real one is the vault's and tested there. */
export const auditMac = (text: string): string => hash('sha256', `a key of the test ${text}`, 'base64url')

export function entry(number: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    atMs: 1_790_000_000_000 + number,
    actor: { kind: 'key', id: 'key_1' },
    action: 'session.handout',
    accountId: `acc_${number % 3}`,
    account: 'personal',
    result: 'ok',
    detail: { number, kind: 'access', isShort: false },
    ...changes,
  }
}

export function ready(number: number): ReadyEntry {
  const one = entry(number)
  return { atMs: one.atMs, prepared: prepared(one) }
}

/** What is read again of the entry with this number. */
export function recordOf(number: number, { seq, mac }: AuditLink): AuditRecord {
  return { ...settled(entry(number)), seq, mac }
}
