import { NetError } from '../contracts/net.js';
import { BhorError, isBhorError, toBhorError } from '../core/errors.js';
import { newId } from '../core/ids.js';
import { Secret } from '../core/secret.js';
import { appOf } from './accounts.js';
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.js';
import { commitSession } from './commit.js';
import { entryOf } from './context.js';
import { dropGrant, verifyIdentity } from './identity.js';
import { amended, proven } from './records.js';
import { revealed } from './signing.js';
/**
 * Turns a one-time code into a stored session. The order is the point: the intent is durable before the code is
 * sent (which also proves that there is room to store the answer), the code is sent once, the person is checked,
 * and session, audit record, login and intent become durable together.
 */
export async function exchangeGrant(context, principal, exchange) {
    const { account, broker } = exchange;
    const { login, intent } = await claim(context, principal, exchange);
    try {
        const grant = await runSteps(context, exchange);
        const verified = await verifyIdentity(context, broker, account, grant);
        const grantText = exchange.secretVars.map((name) => exchange.vars[name] ?? '').join(' ');
        return await commitSession(context, principal, {
            broker,
            account,
            grant,
            verified,
            startedBy: 'login',
            grantCode: new Secret(grantText),
            intent,
            login,
        }).catch(async (error) => {
            // Whatever the reason: a token that is not stored must not stay alive.
            if (!isUnknown(error))
                await dropGrant(context, broker, account, grant).catch(() => undefined);
            throw error;
        });
    }
    catch (error) {
        throw await recordFailure(context, principal, exchange, login, intent, error);
    }
}
/** A commit of which nobody knows whether it happened: the token may be the account's now. */
export function isUnknown(error) {
    return isBhorError(error) && error.facts.outcome === 'unknown';
}
/** Takes the login and the code for this call alone. @throws BhorError `login_used` to everyone who comes second */
async function claim(context, principal, { account, login, vars, secretVars, broker }) {
    const used = amended(context.vault, 'logins', login, { status: 'used' });
    const codes = JSON.stringify([broker.id, ...secretVars.map((name) => vars[name])]);
    const intent = {
        id: newId('intent', context.random),
        accountId: account.id,
        loginId: login.id,
        kind: 'exchange',
        grantHash: context.vault.fingerprint('login-grant', codes),
        state: 'open',
        code: '',
        createdAtMs: context.clock.nowMs(),
        finishedAtMs: null,
    };
    await context.store.transaction(async (tx) => {
        const isMine = (await tx.updateLogin(used, 'open')) && (await tx.insertIntent(intent));
        if (!isMine)
            throw new BhorError('login_used', 'This login was already used.');
        await refuseSecondFlight(tx, account, intent);
        // What the commit will replace must be genuine: to find out only then would cost the code.
        const replaced = await tx.latestSession(account.id);
        if (replaced)
            proven(context.vault, 'sessions', replaced);
        await context.audit.within(tx, [
            entryOf(context, principal.actor, account, {
                action: 'login.callback',
                result: 'ok',
                detail: { login: login.id },
            }),
        ]);
    });
    context.changes.announce();
    return { login: used, intent };
}
/**
 * One exchange or renewal of an account at a time: of two that cross at the broker, the one that is stored last may
 * hold the token that the other one killed.
 *
 * @throws BhorError `login_in_progress`; nothing is spent, the same link works a moment later
 */
export async function refuseSecondFlight(tx, account, intent) {
    const others = await tx.openIntents();
    if (others.some((other) => other.accountId === account.id && other.id !== intent.id)) {
        throw new BhorError('login_in_progress', `Another login of ${account.alias} is just being finished.`, {
            hint: 'Wait a moment and load the page again.',
            retryAfterMs: 5_000,
        });
    }
}
async function runSteps(context, { broker, method, account, login, vars }) {
    const { app, secrets } = await appOf(context, account);
    const hosts = await context.hosts(broker, account.kind);
    const appValues = { apiKey: app.apiKey, ...app.fields, ...revealed(secrets) };
    let carried = vars;
    for (let at = 0; at < method.steps.length;) {
        const step = method.steps[at];
        const stepContext = {
            app: appValues,
            account: account.fields,
            // That of the login page, not of the account as it may have been edited since.
            redirectUrl: login.redirectUrl,
            vars: carried,
            now: context.clock.now(),
        };
        const send = () => callBroker(context.net, broker, hosts, step.request(stepContext), 'exchange');
        // Once more where the broker provably never saw the code.
        const { reply, verdict } = await send().catch((error) => {
            if (error instanceof NetError && error.outcome === 'not_sent')
                return send();
            throw error;
        });
        if (verdict.kind !== 'ok') {
            const error = errorOfVerdict(broker, verdict, reply.status);
            if (verdict.kind !== 'transient' || reply.status === 429)
                throw error;
            throw new BhorError('answer_lost', `${error.message} The one-time code may be spent.`, {
                cause: error,
                facts: error.facts,
            });
        }
        const result = step.read(reply, stepContext);
        if ('grant' in result)
            return checkedGrant(broker, result.grant);
        carried = { ...carried, ...result.carry };
        at = result.next ? method.steps.findIndex((s) => s.name === result.next) : at + 1;
        if (at < 0)
            break;
    }
    throw new BhorError('internal', `The login of ${broker.name} ended without a session.`);
}
/** Only token kinds that the manifest names, each of its shape. @throws BhorError `bad_token_shape` */
export function checkedGrant(broker, grant) {
    for (const [kind, token] of Object.entries(grant.tokens)) {
        if (!broker.tokens[kind]?.pattern.test(token) || token.length > 8192) {
            throw new BhorError('bad_token_shape', `${broker.name} sent a ${kind} token of a shape that no token has (${token.length} characters).`);
        }
    }
    if (!grant.tokens.access)
        throw new BhorError('bad_token_shape', `${broker.name} sent no access token.`);
    return grant;
}
async function recordFailure(context, principal, { broker, account }, login, intent, cause) {
    const error = cause instanceof NetError && cause.outcome === 'unknown'
        ? new BhorError('answer_lost', `${broker.name} was sent the one-time code, but its answer was lost (${cause.reason}).`, { cause, facts: { reason: cause.reason } })
        : cause instanceof NetError
            ? errorOfNet(broker, cause)
            : toBhorError(cause);
    // A commit of unknown outcome is settled by the next start, from the intent; writing on would only guess.
    if (isUnknown(error))
        return error;
    const nowMs = context.clock.nowMs();
    await context.store.transaction(async (tx) => {
        const current = await tx.account(account.id);
        // Removed meanwhile, and its logins and intents with it.
        if (current) {
            const state = error.code === 'answer_lost' ? 'lost' : 'failed';
            await tx.updateIntent({ ...intent, state, code: error.code, finishedAtMs: nowMs });
            await tx.updateLogin(amended(context.vault, 'logins', login, { status: 'failed', outcome: error.code }), 'used');
            const lastFault = { atMs: nowMs, code: error.code, detail: error.message.slice(0, 300) };
            await tx.updateAccount(amended(context.vault, 'accounts', current, { lastFault }), current.generation);
        }
        const detail = { login: login.id, ...error.facts };
        await context.audit.within(tx, [
            entryOf(context, principal.actor, account, {
                action: 'login.exchange',
                result: 'failed',
                code: error.code,
                detail,
            }),
        ]);
    });
    context.changes.announce();
    return error;
}
