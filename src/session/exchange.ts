import type { Broker, Grant, RedirectLogin, Values } from '../contracts/broker.ts'
import { NetError } from '../contracts/net.ts'
import type {
  AccountRecord,
  IntentRecord,
  LoginRecord,
  SessionRecord,
  StoreTransaction,
} from '../contracts/store.ts'
import { BhorError, isBhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { Secret } from '../core/secret.ts'
import { appOf } from './accounts.ts'
import { callBroker, errorOfNet, errorOfVerdict } from './broker-call.ts'
import { commitSession } from './commit.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { dropGrant, verifyIdentity } from './identity.ts'
import { amended, proven } from './records.ts'
import { revealed } from './signing.ts'

export interface Exchange {
  readonly broker: Broker
  readonly method: RedirectLogin
  readonly account: AccountRecord
  readonly login: LoginRecord
  readonly vars: Values
  readonly secretVars: readonly string[]
}

/**
 * Turns a one-time code into a stored session. The order is the point: the intent is durable before the code is
 * sent (which also proves that there is room to store the answer), the code is sent once, the person is checked,
 * and session, audit record, login and intent become durable together.
 */
export async function exchangeGrant(
  context: SessionContext,
  principal: Principal,
  exchange: Exchange,
): Promise<{ account: AccountRecord; session: SessionRecord }> {
  const { account, broker } = exchange
  const { login, intent } = await claim(context, principal, exchange)
  try {
    const grant = await runSteps(context, exchange)
    const verified = await verifyIdentity(context, broker, account, grant)
    const grantText = exchange.secretVars.map((name) => exchange.vars[name] ?? '').join(' ')
    return await commitSession(context, principal, {
      broker,
      account,
      grant,
      verified,
      startedBy: 'login',
      grantCode: new Secret(grantText),
      intent,
      login,
    }).catch(async (error: unknown) => {
      // Whatever the reason: a token that is not stored must not stay alive.
      if (!isUnknown(error)) await dropGrant(context, broker, account, grant).catch(() => undefined)
      throw error
    })
  } catch (error) {
    throw await recordFailure(context, principal, exchange, login, intent, error)
  }
}

/** A commit of which nobody knows whether it happened: the token may be the account's now. */
export function isUnknown(error: unknown): boolean {
  return isBhorError(error) && error.facts.outcome === 'unknown'
}

/** Takes the login and the code for this call alone. @throws BhorError `login_used` to everyone who comes second */
async function claim(
  context: SessionContext,
  principal: Principal,
  { account, login, vars, secretVars, broker }: Exchange,
): Promise<{ login: LoginRecord; intent: IntentRecord }> {
  const used = amended(context.vault, 'logins', login, { status: 'used' })
  const codes = JSON.stringify([broker.id, ...secretVars.map((name) => vars[name])])
  const intent: IntentRecord = {
    id: newId('intent', context.random),
    accountId: account.id,
    loginId: login.id,
    kind: 'exchange',
    grantHash: context.vault.fingerprint('login-grant', codes),
    state: 'open',
    code: '',
    createdAtMs: context.clock.nowMs(),
    finishedAtMs: null,
  }
  await context.store.transaction(async (tx) => {
    const isMine = (await tx.logins.update(used, 'open')) && (await tx.intents.insert(intent))
    if (!isMine) throw new BhorError('login_used', 'This login was already used.')
    await refuseSecondFlight(tx, account, intent)
    // What the commit will replace must be genuine: to find out only then would cost the code.
    const replaced = await tx.sessions.latest(account.id)
    if (replaced) proven(context.vault, 'sessions', replaced)
    await context.audit.within(tx, [
      entryOf(context, principal.actor, account, {
        action: 'login.callback',
        result: 'ok',
        detail: { login: login.id },
      }),
    ])
  })
  context.changes.announce()
  return { login: used, intent }
}

/**
 * One exchange or renewal of an account at a time: of two that cross at the broker, the one that is stored last may
 * hold the token that the other one killed.
 *
 * @throws BhorError `login_in_progress`; nothing is spent, the same link works a moment later
 */
export async function refuseSecondFlight(
  tx: StoreTransaction,
  account: AccountRecord,
  intent: IntentRecord,
): Promise<void> {
  const { records } = await tx.intents.open()
  if (records.some((other) => other.accountId === account.id && other.id !== intent.id)) {
    throw new BhorError('login_in_progress', `Another login of ${account.alias} is just being finished.`, {
      hint: 'Wait a moment and load the page again.',
      retryAfterMs: 5_000,
    })
  }
}

async function runSteps(
  context: SessionContext,
  { broker, method, account, login, vars }: Exchange,
): Promise<Grant> {
  const { app, secrets } = await appOf(context, account)
  const hosts = await context.hosts(broker, account.kind)
  const appValues = { apiKey: app.apiKey, ...app.fields, ...revealed(secrets) }
  let carried: Values = vars
  for (let at = 0; at < method.steps.length; ) {
    const step = method.steps[at]!
    const stepContext = {
      app: appValues,
      account: account.fields,
      // That of the login page, not of the account as it may have been edited since.
      redirectUrl: login.redirectUrl,
      vars: carried,
      now: context.clock.now(),
    }
    const send = () => callBroker(context.net, broker, hosts, step.request(stepContext), 'exchange')
    // Once more where the broker provably never saw the code.
    const { reply, verdict } = await send().catch((error: unknown) => {
      if (error instanceof NetError && error.outcome === 'not_sent') return send()
      throw error
    })
    if (verdict.kind !== 'ok') {
      const error = errorOfVerdict(broker, verdict, reply.status)
      if (verdict.kind !== 'transient' || reply.status === 429) throw error
      throw new BhorError('answer_lost', `${error.message} The one-time code may be spent.`, {
        cause: error,
        facts: error.facts,
      })
    }
    const result = step.read(reply, stepContext)
    if ('grant' in result) return checkedGrant(broker, result.grant)
    carried = { ...carried, ...result.carry }
    at = result.next ? method.steps.findIndex((s) => s.name === result.next) : at + 1
    if (at < 0) break
  }
  throw new BhorError('internal', `The login of ${broker.name} ended without a session.`)
}

/** Only token kinds that the manifest names, each of its shape. @throws BhorError `bad_token_shape` */
export function checkedGrant(broker: Broker, grant: Grant): Grant {
  for (const [kind, token] of Object.entries(grant.tokens)) {
    if (!broker.tokens[kind]?.pattern.test(token) || token.length > 8192) {
      throw new BhorError(
        'bad_token_shape',
        `${broker.name} sent a ${kind} token of a shape that no token has (${token.length} characters).`,
      )
    }
  }
  if (!grant.tokens.access) throw new BhorError('bad_token_shape', `${broker.name} sent no access token.`)
  return grant
}

async function recordFailure(
  context: SessionContext,
  principal: Principal,
  { broker, account }: Exchange,
  login: LoginRecord,
  intent: IntentRecord,
  cause: unknown,
): Promise<BhorError> {
  const error =
    cause instanceof NetError && cause.outcome === 'unknown'
      ? new BhorError(
          'answer_lost',
          `${broker.name} was sent the one-time code, but its answer was lost (${cause.reason}).`,
          { cause, facts: { reason: cause.reason } },
        )
      : cause instanceof NetError
        ? errorOfNet(broker, cause)
        : toBhorError(cause)
  // A commit of unknown outcome is settled by the next start, from the intent; writing on would only guess.
  if (isUnknown(error)) return error
  const nowMs = context.clock.nowMs()
  await context.store.transaction(async (tx) => {
    const current = await tx.accounts.byId(account.id)
    // Removed meanwhile, and its logins and intents with it.
    if (current) {
      const state = error.code === 'answer_lost' ? 'lost' : 'failed'
      await tx.intents.update({ ...intent, state, code: error.code, finishedAtMs: nowMs })
      await tx.logins.update(
        amended(context.vault, 'logins', login, { status: 'failed', outcome: error.code }),
        'used',
      )
      const lastFault = { atMs: nowMs, code: error.code, detail: error.message.slice(0, 300) }
      await tx.accounts.update(amended(context.vault, 'accounts', current, { lastFault }), current.generation)
    }
    const detail = { login: login.id, ...error.facts }
    await context.audit.within(tx, [
      entryOf(context, principal.actor, account, {
        action: 'login.exchange',
        result: 'failed',
        code: error.code,
        detail,
      }),
    ])
  })
  context.changes.announce()
  return error
}
