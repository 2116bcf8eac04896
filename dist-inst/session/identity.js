import { BhorError } from '../core/errors.js';
import { appOf } from './accounts.js';
import { callBroker } from './broker-call.js';
import { revealed } from './signing.js';
/**
 * Whose token is it? The broker is asked for the profile that belongs to it, and every user id that it names must be
 * the account's. A token of somebody else is logged out again and not stored.
 *
 * @throws BhorError `wrong_user`; `broker_rejected` when the broker refuses the token that it just gave
 */
export async function verifyIdentity(context, broker, account, grant) {
    const signing = await signingOf(context, account, grant);
    const hosts = await context.hosts(broker, account.kind);
    const profile = await readProfile(context, broker, hosts, signing);
    const named = [grant.userId, profile?.userId].filter((id) => id !== undefined && id !== '');
    const expected = account.userId || named[0];
    if (expected === undefined) {
        throw new BhorError('broker_rejected', `${broker.name} did not say whose session this is. Nothing was stored.`);
    }
    if (named.some((id) => id !== expected)) {
        await dropGrant(context, broker, account, grant);
        throw wrongUser(expected);
    }
    return { userId: expected, profile: profile ?? grant.profile, verdict: profile ? 'valid' : 'unknown' };
}
export function wrongUser(expectedUser) {
    return new BhorError('wrong_user', 'You logged in as a different user than this account expects. Nothing was stored.', { facts: { expectedUser } });
}
/** Logs out a token that was granted and will not be stored. Best effort: it is forgotten either way. */
export async function dropGrant(context, broker, account, grant) {
    if (!broker.logout)
        return;
    const signing = await signingOf(context, account, grant);
    const hosts = await context.hosts(broker, account.kind);
    const request = broker.logout.request(signing);
    await callBroker(context.net, broker, hosts, request, 'logout', signing.baseUrl).catch(() => undefined);
}
async function signingOf(context, account, grant) {
    const { app, secrets } = await appOf(context, account);
    return {
        app: { apiKey: app.apiKey, ...app.fields, ...revealed(secrets) },
        account: account.fields,
        tokens: grant.tokens,
        userId: grant.userId ?? account.userId,
        now: context.clock.now(),
        ...(grant.baseUrl ? { baseUrl: grant.baseUrl } : {}),
    };
}
async function readProfile(context, broker, hosts, signing) {
    const request = broker.sign(broker.probe.request(signing), signing);
    // The grant names the person too; a broker that is slow at this very moment must not cost the user the login.
    const answered = await callBroker(context.net, broker, hosts, request, 'probe', signing.baseUrl).catch(() => undefined);
    if (!answered)
        return undefined;
    if (answered.verdict.kind === 'expired') {
        throw new BhorError('broker_rejected', `${broker.name} refuses the token that it has just given.`);
    }
    return answered.verdict.kind === 'ok' ? broker.probe.read(answered.reply) : undefined;
}
