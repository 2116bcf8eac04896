import { hash } from 'node:crypto'
import type { AuditEntry } from '../contracts/audit.ts'
import type { ReadyEntry } from './chain.ts'
import { entryText, settled } from './entry.ts'

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
  const kept = settled(entry(number))
  return { entry: kept, text: entryText(kept) }
}
