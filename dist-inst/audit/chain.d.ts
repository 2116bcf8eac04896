import { type AuditHead, type AuditLink, type AuditRecord, type AuditVerdict } from '../contracts/audit.ts';
import type { Vault } from '../contracts/secrets.ts';
import { type PreparedEntry } from './entry.ts';
/** The chain's keyed hash; see `Vault.auditMac`. */
export type AuditMac = Vault['auditMac'];
/** Remembers the last text: the end of a chain is mostly what its last link has just written. */
export declare function rememberingLast(mac: AuditMac): AuditMac;
/** An entry that waits for its place in the chain. */
export interface ReadyEntry {
    readonly atMs: number;
    readonly prepared: PreparedEntry;
}
/**
 * The next links of the chain and its new end.
 *
 * @throws BhorError `audit_broken` when the end itself was changed: whoever went on from it would make a cut look whole
 */
export declare function link(head: AuditHead, entries: readonly ReadyEntry[], mac: AuditMac): {
    links: AuditLink[];
    head: AuditHead;
};
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
export declare function verifyChain(records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>, head: () => AuditHead | Promise<AuditHead>, vault: Pick<Vault, 'auditMac'>): Promise<AuditVerdict>;
