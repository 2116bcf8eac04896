import { NetError } from '../contracts/net.js';
import { BhorError, toBhorError } from '../core/errors.js';
import { newId } from '../core/ids.js';
import { SingleFlight } from '../core/single-flight.js';
import { accountNamed } from './accounts.js';
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.js';
import { commitSession } from './commit.js';
import { entryOf } from './context.js';
import { checkedGrant, isUnknown, refuseSecondFlight } from './exchange.js';
import { dropGrant, verifyIdentity } from './identity.js';
import { amended } from './records.js';
import { openRenewableSession } from './signing.js';
/** A new token without a human, where the broker gave the means for it. One at a time per account. */
export class Renewals {
    #flights = new SingleFlight();
    #context;
    constructor(context) {
        this.#context = context;
    }
    /** @throws BhorError `renewal_unavailable`, `session_…`, `bad_grant`, `answer_lost`, `broker_…` */
    async renew(principal, alias) {
        const account = await accountNamed(this.#context, alias, principal);
        return this.#flights.run(account.id, () => renewOnce(this.#context, principal, account));
    }
}
async function renewOnce(context, principal, account) {
    const open = await openRenewableSession(context, account);
    const { broker, hosts, signing } = open;
    const renewal = broker.renewal;
    if (!renewal || !signing.tokens[renewal.needs]) {
        throw new BhorError('renewal_unavailable', `${broker.name} gave this app no refresh token: the morning login is the renewal.`, {
            hint: `Log in: bhor login ${account.alias}.`,
        });
    }
    const intent = await claim(context, open);
    try {
        const request = renewal.request(signing);
        const { reply, verdict } = await callBroker(context.net, broker, hosts, request, 'renewal', signing.baseUrl);
        if (verdict.kind !== 'ok')
            throw errorOfVerdict(broker, verdict, reply.status);
        const renewed = renewal.read(reply, signing);
        // What the renewal does not replace stays: the refresh token above all.
        const grant = checkedGrant(broker, {
            ...renewed,
            tokens: { ...signing.tokens, ...renewed.tokens },
            userId: renewed.userId ?? signing.userId,
        });
        const verified = await verifyIdentity(context, broker, account, grant);
        return await commitSession(context, principal, {
            broker,
            account,
            grant,
            verified,
            startedBy: 'renewal',
            intent,
            renews: open.session,
        }).catch(async (error) => {
            if (!isUnknown(error))
                await dropGrant(context, broker, account, grant).catch(() => undefined);
            throw error;
        });
    }
    catch (cause) {
        throw await recordFailure(context, principal, open, intent, cause);
    }
}
/** One renewal at a time, across processes: whoever writes the intent may send. */
async function claim(context, { account, session, broker, signing }) {
    const refresh = signing.tokens[broker.renewal?.needs ?? ''] ?? '';
    const id = newId('intent', context.random);
    const intent = {
        id,
        accountId: account.id,
        loginId: '',
        kind: 'renewal',
        // Unlike a code, a refresh token may be sent again after a failure: the hash is this attempt's own.
        grantHash: context.vault.fingerprint('login-grant', JSON.stringify([broker.id, refresh, id])),
        state: 'open',
        code: '',
        createdAtMs: context.clock.nowMs(),
        finishedAtMs: null,
    };
    await context.store.transaction(async (tx) => {
        await tx.insertIntent(intent);
        await refuseSecondFlight(tx, account, intent);
        const current = await tx.latestSession(account.id);
        if (current?.id !== session.id || current.status !== session.status) {
            throw new BhorError('generation_conflict', `${account.alias} has changed meanwhile; nothing was sent.`);
        }
    });
    return intent;
}
async function recordFailure(context, principal, open, intent, cause) {
    const isLost = cause instanceof NetError && cause.outcome === 'unknown';
    const error = isLost
        ? new BhorError('answer_lost', `${open.broker.name} was asked for a renewal, but its answer was lost (${cause.reason}).`, { cause, facts: { reason: cause.reason } })
        : cause instanceof NetError
            ? errorOfNet(open.broker, cause)
            : toBhorError(cause);
    // A commit of unknown outcome is settled by the keeper, from the intent; writing on would only guess.
    if (isUnknown(error))
        return error;
    const nowMs = context.clock.nowMs();
    await context.store.transaction(async (tx) => {
        const current = await tx.account(open.account.id);
        // Removed meanwhile, and its intents with it.
        if (current) {
            const state = isLost ? 'lost' : 'failed';
            await tx.updateIntent({ ...intent, state, code: error.code, finishedAtMs: nowMs });
            const lastFault = { atMs: nowMs, code: error.code, detail: error.message.slice(0, 300) };
            await tx.updateAccount(amended(context.vault, 'accounts', current, { lastFault }), current.generation);
        }
        await context.audit.within(tx, [
            entryOf(context, principal.actor, open.account, {
                action: 'session.renew',
                result: 'failed',
                code: error.code,
                detail: error.facts,
            }),
        ]);
    });
    context.changes.announce();
    return error;
}
