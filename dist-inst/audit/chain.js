import { auditHeadText, } from '../contracts/audit.js';
import { BhorError } from '../core/errors.js';
import { entryText, timedText } from './entry.js';
/** Remembers the last text: the end of a chain is mostly what its last link has just written. */
export function rememberingLast(mac) {
    let last;
    return (text) => {
        if (last?.text !== text)
            last = { text, mac: mac(text) };
        return last.mac;
    };
}
/** What a record's MAC covers: its number, the MAC before it, and every field. */
function recordText(seq, macBefore, text) {
    return `["bhor-audit",${seq},${JSON.stringify(macBefore)},${text}]`;
}
/**
 * The next links of the chain and its new end.
 *
 * @throws BhorError `audit_broken` when the end itself was changed: whoever went on from it would make a cut look whole
 */
export function link(head, entries, mac) {
    if (head.headMac !== mac(auditHeadText(head.seq, head.mac))) {
        throw new BhorError('audit_broken', `The end of the audit log, record ${head.seq}, was changed.`, {
            facts: { seq: head.seq },
        });
    }
    let macBefore = head.mac;
    let seq = head.seq;
    const links = entries.map(({ atMs, prepared: { accountId, text, fields } }) => {
        seq++;
        macBefore = mac(recordText(seq, macBefore, timedText(atMs, text)));
        return { seq, atMs, accountId, fields, mac: macBefore };
    });
    return { links, head: { seq, mac: macBefore, headMac: mac(auditHeadText(seq, macBefore)) } };
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
export async function verifyChain(records, head, vault) {
    const mac = vault.auditMac;
    const passes = (record, seq, macBefore) => record.mac === mac(recordText(seq, macBefore, entryText(record)));
    let macBefore = '';
    let expected = 1;
    let count = 0;
    let suspect;
    let fault;
    for await (const record of records) {
        count++;
        if (suspect) {
            fault ??= { seq: expected, fault: nameFault(suspect, record, expected, macBefore, passes) };
        }
        else if (record.seq === expected && passes(record, expected, macBefore)) {
            macBefore = record.mac;
            expected++;
        }
        else {
            suspect = record;
        }
    }
    if (suspect)
        fault ??= { seq: expected, fault: nameFault(suspect, undefined, expected, macBefore, passes) };
    if (fault)
        return { intact: false, ...fault, records: count };
    return verifyEnd(await head(), { count, mac: macBefore }, mac);
}
function nameFault(suspect, next, expected, macBefore, passes) {
    const isNextSound = next !== undefined && passes(next, expected, macBefore);
    if (isNextSound)
        return passes(suspect, expected + 1, next.mac) ? 'out_of_order' : 'inserted';
    if (suspect.seq > expected)
        return 'missing';
    if (suspect.seq < expected)
        return 'inserted';
    return 'changed';
}
function verifyEnd(head, read, mac) {
    const fault = (seq, name) => ({
        intact: false,
        seq,
        fault: name,
        records: read.count,
    });
    if (head.headMac !== mac(auditHeadText(head.seq, head.mac)))
        return fault(head.seq, 'head_changed');
    if (head.seq > read.count)
        return fault(read.count + 1, 'tail_cut');
    if (head.seq < read.count || head.mac !== read.mac)
        return fault(head.seq, 'head_changed');
    return { intact: true, records: read.count };
}
