import { BhorError } from '../core/errors.js';
import { accountNamed } from './accounts.js';
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.js';
import { entryOf } from './context.js';
import { endSession } from './ending.js';
import { latestSessionOf, liveOrThrow, openSession } from './signing.js';
/**
 * Logs out at the broker and ends the session here. It ends here first: from the moment the user asks, no program
 * gets it, whether the broker can be reached or not. Asked again, it asks the broker again: a logout that was not
 * confirmed can be repeated.
 *
 * @throws BhorError `session_…` without a session to log out; `generation_conflict` when a new login came in between;
 *   `broker_…` when the broker did not confirm
 */
export async function logout(context, principal, alias) {
    const account = await accountNamed(context, alias, principal);
    const session = await latestSessionOf(context, account);
    const isRepeated = session !== undefined && isLoggedOutEarly(context, session);
    const open = await openSession(context, account, isRepeated ? session : liveOrThrow(context.clock.nowMs(), account, session));
    if (!isRepeated && !(await endSession(context, principal.actor, open.session, 'logged_out'))) {
        throw new BhorError('generation_conflict', `${alias} got a new session meanwhile; it was not logged out.`);
    }
    const failure = await logOutAtBroker(context, open);
    if (!failure)
        return;
    await context.audit.record(entryOf(context, principal.actor, account, {
        action: 'session.logout',
        result: 'failed',
        code: failure.code,
        detail: { generation: open.session.generation, ...failure.facts },
    }));
    throw new BhorError(failure.code, `bhor has dropped the session and hands it out no more, but the logout was not confirmed. ${failure.message}`, { cause: failure, facts: failure.facts, hint: `Ask again: bhor logout ${alias}.` });
}
/** Logged out here, while the token may still live at the broker. */
function isLoggedOutEarly(context, session) {
    return session.endReason === 'logged_out' && context.clock.nowMs() < session.expiresAtMs;
}
async function logOutAtBroker(context, { broker, hosts, signing }) {
    if (!broker.logout)
        return undefined;
    try {
        const request = broker.logout.request(signing);
        const { reply, verdict } = await callBroker(context.net, broker, hosts, request, 'logout', signing.baseUrl);
        const isOver = verdict.kind === 'ok' || verdict.kind === 'expired';
        return isOver ? undefined : errorOfVerdict(broker, verdict, reply.status);
    }
    catch (error) {
        return errorOfNet(broker, error);
    }
}
