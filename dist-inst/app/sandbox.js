import { BhorError, isBhorError } from '../core/errors.js';
import { appOf } from '../session/accounts.js';
import { tokensOf } from '../session/signing.js';
/** Simulators that know this store's apps. A simulator forgets everything when it stops. */
const introduced = new WeakMap();
/** The simulator's hosts for a broker, after it was told of the apps and live sessions of an earlier run. */
export async function sandboxHosts(context, broker) {
    const { sandbox } = context;
    if (!sandbox)
        throw new BhorError('config_invalid', 'There is no simulator here for a sandbox account.', {
            hint: 'Run bhor serve.',
        });
    const introduction = introduced.get(sandbox) ?? introduce(context, sandbox);
    introduced.set(sandbox, introduction);
    await introduction.catch((error) => {
        introduced.delete(sandbox);
        throw error;
    });
    return { ...(await sandbox.hosts(broker.id)) };
}
async function introduce(context, sandbox) {
    const nowMs = context.clock.nowMs();
    for (const account of await context.store.accounts()) {
        if (account.kind !== 'sandbox')
            continue;
        await introduceOne(context, sandbox, account, nowMs).catch((error) => {
            // It says so to whoever uses it; the others work.
            if (!isBhorError(error, 'store_damaged'))
                throw error;
        });
    }
}
async function introduceOne(context, sandbox, account, nowMs) {
    const { app, secrets } = await appOf(context, account);
    const apiSecret = secrets.apiSecret?.reveal() ?? '';
    await sandbox.register({
        broker: account.broker,
        apiKey: app.apiKey,
        apiSecret,
        redirectUrl: account.redirectUrl,
    });
    const session = await context.store.latestSession(account.id);
    if (session?.status !== 'active' || nowMs >= session.expiresAtMs)
        return;
    const accessToken = tokensOf(context, session).access?.reveal() ?? '';
    await sandbox.adopt({
        broker: account.broker,
        apiKey: app.apiKey,
        userId: session.userId,
        accessToken,
        expiresAtMs: session.expiresAtMs,
    });
}
