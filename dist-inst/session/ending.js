import { entryOf } from './context.js';
import { amended } from './records.js';
const actionOf = {
    expired: 'session.expire',
    revoked: 'session.revoke',
    logged_out: 'session.logout',
};
/**
 * Ends the current session of an account, unless a newer one has taken its place meanwhile: what was learnt about
 * generation 4 says nothing about generation 5.
 *
 * @returns whether this call ended it
 */
export async function endSession(context, actor, session, reason, code) {
    const ended = await context.store.transaction(async (tx) => {
        const account = await tx.account(session.accountId);
        const current = await tx.latestSession(session.accountId);
        if (!account || current?.id !== session.id || current.status !== 'active')
            return false;
        const endedAtMs = context.clock.nowMs();
        await tx.updateSession(amended(context.vault, 'sessions', current, { status: 'ended', endReason: reason, endedAtMs }));
        const detail = { generation: session.generation };
        await context.audit.within(tx, [
            entryOf(context, actor, account, {
                action: actionOf[reason],
                result: 'ok',
                detail,
                ...(code ? { code } : {}),
            }),
        ]);
        return true;
    });
    if (ended)
        context.changes.announce();
    return ended;
}
