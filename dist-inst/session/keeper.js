import { BhorError, isBhorError } from '../core/errors.js';
import { entryOf } from './context.js';
import { endSession } from './ending.js';
import { amended } from './records.js';
/** Between two looks. Expiry does not depend on it: every hand-out reads the clock itself. */
export const tickMs = 30_000;
/**
 * Two tries, the profile and a logout at 20 s each, and the store: no exchange lasts this long. An intent that is open
 * still belongs to a process that died.
 */
const intentLostAfterMs = 3 * 60_000;
const keeper = { kind: 'keeper', id: '' };
/**
 * Writes down what time has decided: sessions that ended by themselves, and exchanges of which nobody knows how they
 * went. Safe to repeat, and safe in several processes at once.
 */
export async function keep(context, options) {
    const nowMs = context.clock.nowMs();
    for (const session of await context.store.latestSessions()) {
        if (session.status === 'active' && nowMs >= session.expiresAtMs)
            await unlessDamaged(endSession(context, keeper, session, 'expired'));
    }
    for (const intent of await context.store.openIntents()) {
        if (options.isAlone || nowMs - intent.createdAtMs >= intentLostAfterMs)
            await unlessDamaged(giveUp(context, intent));
    }
}
/** A damaged row says so to whoever uses that account; it must not stop the keeper for all the others. */
async function unlessDamaged(work) {
    try {
        await work;
    }
    catch (error) {
        if (!isBhorError(error, 'store_damaged'))
            throw error;
    }
}
async function giveUp(context, intent) {
    const error = new BhorError('answer_lost', 'bhor was stopped between asking the broker and storing its answer.');
    await context.store.transaction(async (tx) => {
        const isOpen = (await tx.openIntents()).some((open) => open.id === intent.id);
        const account = await tx.account(intent.accountId);
        if (!isOpen || !account)
            return;
        const nowMs = context.clock.nowMs();
        await tx.updateIntent({ ...intent, state: 'lost', code: error.code, finishedAtMs: nowMs });
        const login = intent.loginId ? await tx.login(intent.loginId) : undefined;
        if (login)
            await tx.updateLogin(amended(context.vault, 'logins', login, { status: 'failed', outcome: error.code }), 'used');
        const lastFault = { atMs: intent.createdAtMs, code: error.code, detail: error.message };
        // The broker may have acted after a probe that came between.
        const unknown = { lastFault, lastProbe: null };
        await tx.updateAccount(amended(context.vault, 'accounts', account, unknown), account.generation);
        const action = intent.kind === 'renewal' ? 'session.renew' : 'login.exchange';
        await context.audit.within(tx, [
            entryOf(context, keeper, account, {
                action,
                result: 'failed',
                code: error.code,
                detail: { intent: intent.id },
            }),
        ]);
    });
    context.changes.announce();
}
