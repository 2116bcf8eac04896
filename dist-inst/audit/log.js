import { BhorError, isBhorError } from '../core/errors.js';
import { link, rememberingLast, verifyChain } from './chain.js';
import { prepared } from './entry.js';
/** Records a read when verifying. */
const pageSize = 500;
/** A group that grew larger while the disk was slow goes in parts, so that nobody waits for all of it. */
const largestGroup = 512;
/** Some hundred bytes each; larger counts than a household makes are prepared anew. */
const keptCounts = 32;
const nothing = { accountIds: [], keyIds: [] };
const noRefusal = () => undefined;
/**
 * The audit log of a store. Records that come in the same turn of the event loop share one
 * durable commit; while it runs the next group gathers.
 */
export function openAuditLog({ store, vault, clock, }) {
    const auditMac = rememberingLast(vault.auditMac);
    const gathered = [];
    let isScheduled = false;
    function enter(purpose, atMs) {
        const { promise, resolve, reject } = Promise.withResolvers();
        const waiting = { atMs, purpose, times: 1, isTaken: false, promise, resolve, reject };
        gathered.push(waiting);
        if (!isScheduled) {
            isScheduled = true;
            setImmediate(() => void commitNext());
        }
        return waiting;
    }
    /**
     * Each group waits for its own turn of the event loop: after the requests that were just read, and never so that
     * callers who ask again at once keep the loop from reading others.
     */
    async function commitNext() {
        await commitGroup(gathered.splice(0, largestGroup));
        isScheduled = gathered.length > 0;
        if (isScheduled)
            setImmediate(() => void commitNext());
    }
    async function commitGroup(group) {
        const purposes = new Set();
        for (const waiting of group) {
            waiting.isTaken = true;
            purposes.add(waiting.purpose);
        }
        const refusals = new Map();
        try {
            await store.appendAudit(unionOf(purposes), (head, watched) => {
                refusals.clear();
                for (const purpose of purposes) {
                    const refusal = purpose.refusalOf(watched);
                    if (refusal)
                        refusals.set(purpose, refusal);
                }
                const nowMs = clock.nowMs();
                const entries = group.map((waiting) => readyEntry(waiting, nowMs, refusals.get(waiting.purpose)));
                return link(head, entries, auditMac);
            });
        }
        catch (error) {
            const fault = unavailable(error);
            for (const waiting of group)
                waiting.reject(fault);
            return;
        }
        for (const { purpose, resolve, reject } of group) {
            const refusal = refusals.get(purpose);
            if (refusal)
                reject(refusal);
            else
                resolve();
        }
    }
    return {
        async within(tx, entries) {
            const ready = entries.map((entry) => ({ atMs: entry.atMs, prepared: prepared(entry) }));
            await tx.appendAudit((head) => link(head, ready, auditMac));
        },
        async record(entry) {
            const purpose = { entry, prepared: preparedOnce(entry), watch: nothing, refusalOf: noRefusal };
            await enter(purpose, entry.atMs).promise;
        },
        handOuts(entry, watch, refusalOf) {
            const purpose = { entry, prepared: preparedOnce(entry), watch, refusalOf };
            let latest;
            return () => {
                if (latest && !latest.isTaken)
                    latest.times++;
                else
                    latest = enter(purpose);
                return latest.promise;
            };
        },
        verify: () => verifyStored(store, vault),
        latest: (limit, accountId, beforeSeq) => store.latestAudit(limit, accountId, beforeSeq),
    };
}
/** What is recorded of those who wait, now that it is known how many they are and what they get. */
function readyEntry(waiting, nowMs, refusal) {
    const { atMs = nowMs, purpose, times } = waiting;
    const known = refusal ? undefined : purpose.prepared.get(times);
    if (known)
        return { atMs, prepared: known };
    const { entry } = purpose;
    const truth = refusal && { result: 'refused', code: refusal.code };
    const detail = times === 1 ? entry.detail : { ...entry.detail, times };
    const made = prepared({ ...entry, ...truth, ...(detail && { detail }) });
    if (!refusal && purpose.prepared.size < keptCounts)
        purpose.prepared.set(times, made);
    return { atMs, prepared: made };
}
function preparedOnce(entry) {
    return new Map([[1, prepared(entry)]]);
}
function unionOf(purposes) {
    const [first] = purposes;
    if (first && purposes.size === 1)
        return first.watch;
    const accountIds = new Set();
    const keyIds = new Set();
    for (const { watch } of purposes) {
        for (const id of watch.accountIds)
            accountIds.add(id);
        for (const id of watch.keyIds)
            keyIds.add(id);
    }
    return { accountIds: [...accountIds], keyIds: [...keyIds] };
}
function unavailable(error) {
    const isUnknown = isBhorError(error) && error.facts.outcome === 'unknown';
    return new BhorError('audit_unavailable', 'The audit record could not be stored, so nothing was handed out.', {
        cause: error,
        facts: isUnknown ? { outcome: 'unknown' } : {},
    });
}
async function verifyStored(store, vault) {
    let head = await store.auditHead();
    let read = 0;
    async function* stored() {
        for (let next = 1;;) {
            const page = await store.auditRecords(next, pageSize);
            yield* page;
            read += page.length;
            const last = page.at(-1);
            if (last)
                next = last.seq + 1;
            if (page.length === pageSize)
                continue;
            // Records may have been appended since: go on unless the end is reached or is not there.
            head = await store.auditHead();
            if (!last || head.seq < next)
                return;
        }
    }
    try {
        return await verifyChain(stored(), () => head, vault);
    }
    catch (error) {
        // A record that is not even JSON any more: the store names it.
        if (!isBhorError(error, 'store_damaged') || typeof error.facts.seq !== 'number')
            throw error;
        return { intact: false, seq: error.facts.seq, fault: 'changed', records: read };
    }
}
