import type { Broker, Grant, LoginMethod, Values } from '../../contracts/broker.ts'
import { NetError } from '../../contracts/net.ts'
import type { AccountRecord, IntentRecord, LoginRecord, SessionRecord } from '../../contracts/store.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { errorOfNet } from '../ground/broker-call.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { claimIntent, newIntent, refuseSecondFlight, settleIntent } from '../ground/intent.ts'
import type { Line } from '../ground/line.ts'
import { amended, proven } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { commitSession } from './commit.ts'
import { dropGrant, verifyIdentity } from './identity.ts'
import { type Carry, kindOf, sealedCarry } from './methods.ts'
import { commitAgain, isUnknown, settleUnknown } from './unknown-commit.ts'

/** A login that goes on, and with what. */
export interface Exchange {
  readonly line: Line
  readonly method: LoginMethod
  readonly login: LoginRecord
  readonly carry: Carry
  /** What the redirect or the human has just brought. */
  readonly brought: Values
  /** Which of it are one-time codes: hashed in the intent, never logged. */
  readonly secretVars: readonly string[]
}

/** What it came to: a session, or a question to a human for which the login is open again. */
export type Advanced =
  | { readonly account: AccountRecord; readonly session: SessionRecord }
  | { readonly login: LoginRecord; readonly session?: undefined }

/**
 * Turns what was brought into a stored session. The order is the point: the intent is durable before anything is
 * sent (which also proves that there is room to store the answer), a code is sent once, the person is checked,
 * and session, audit record, login and intent become durable together.
 */
export async function advanceLogin(
  context: SessionContext,
  principal: Principal,
  exchange: Exchange,
): Promise<Advanced> {
  const { login, intent } = await claim(context, principal, exchange)
  return context.flights.run({ intent }, async () => {
    try {
      return await goOn(context, principal, exchange, login, intent)
    } catch (cause) {
      const error = exchangeError(exchange.line.broker, cause, 'was sent the one-time code')
      if (isUnknown(error)) throw error
      const state = error.code === 'answer_lost' ? 'lost' : 'failed'
      const told = { actor: principal.actor, action: 'login.exchange', state, error } as const
      await context.flights.settle(intent, () => settleIntent(context, intent, told))
      throw error
    }
  })
}

async function goOn(
  context: SessionContext,
  principal: Principal,
  { line, method, carry, brought, secretVars }: Exchange,
  login: LoginRecord,
  intent: IntentRecord,
): Promise<Advanced> {
  const run = { context, line, redirectUrl: login.redirectUrl }
  const reached = await kindOf(method).resume(run, method, carry.next, { ...carry.vars, ...brought })
  if ('grant' in reached) {
    const grantText = secretVars.map((name) => brought[name] ?? '').join(' ')
    return storeGrant(context, principal, {
      line,
      grant: checkedGrant(line, reached.grant),
      startedBy: method.kind === 'approval' ? 'approval' : 'login',
      ...(grantText ? { grantCode: new Secret(grantText) } : {}),
      intent,
      login,
    })
  }
  if (!('waitsAt' in reached))
    throw new BhorError('internal', `The login of ${line.broker.name} ended without a session.`)
  const kept = { method: method.kind, next: reached.waitsAt, vars: reached.vars }
  return { login: await pause(context, principal, line.account, login, intent, kept) }
}

type Granted = Omit<Parameters<typeof commitSession>[2], 'verified'>

/** Checks whose the grant is and stores it. A token that is not stored must not stay alive, whatever the reason. */
export async function storeGrant(
  context: SessionContext,
  principal: Principal,
  granted: Granted,
): Promise<{ account: AccountRecord; session: SessionRecord }> {
  const { line, grant, intent } = granted
  const drop = () => dropGrant(context, line, grant)
  try {
    const verified = await verifyIdentity(context, line, grant)
    const commit = () => commitSession(context, principal, { ...granted, verified })
    return await commit().catch((error: unknown) => commitAgain(context, intent, error, commit))
  } catch (error) {
    // A commit of which nobody knows is looked up as soon as the store answers; what is not in it is logged out.
    if (isUnknown(error)) await context.flights.settle(intent, () => settleUnknown(context, intent, drop))
    else await drop().catch(() => undefined)
    throw error
  }
}

/** What went wrong between us and the broker, as an error: its own word, or that its answer was lost. */
export function exchangeError(broker: Broker, cause: unknown, asked: string): BhorError {
  if (!(cause instanceof NetError)) return toBhorError(cause)
  if (cause.outcome !== 'unknown') return errorOfNet(broker, cause)
  const text = `${broker.name} ${asked}, but its answer was lost (${cause.reason}).`
  return new BhorError('answer_lost', text, { cause, facts: { reason: cause.reason } })
}

/** Takes the login and the code for this call alone. @throws BhorError `login_used` to everyone who comes second */
async function claim(
  context: SessionContext,
  principal: Principal,
  { line: { account }, login, brought, secretVars }: Exchange,
): Promise<{ login: LoginRecord; intent: IntentRecord }> {
  const used = amended(context.vault, 'logins', login, { status: 'used' })
  const codes = secretVars.map((name) => brought[name] ?? '')
  const intent = newIntent(context, account, 'exchange', codes, login.id)
  await claimIntent(context, principal.actor, intent, async (c) => {
    const stored = await c.reads.logins.byId(login.id)
    const detail = { login: login.id }
    const tx = c.tell({ actor: principal.actor, action: 'login.callback', result: 'ok', account, detail })
    if (!(await tx.logins.update(used, 'open'))) throw alreadyUsed()
    // Open again, but at a later step: somebody else's answer came first, and this one is for a step that is over.
    if (stored?.sealedCarry !== login.sealedCarry) throw alreadyUsed()
    await refuseSecondFlight(c.reads, account)
    if (!(await tx.intents.insert(intent))) throw alreadyUsed()
    // What the commit will replace must be genuine: to find out only then would cost the code.
    const replaced = await c.reads.sessions.latest(account.id)
    if (replaced) proven(context.vault, 'sessions', replaced)
  })
  return { login: used, intent }
}

function alreadyUsed(): BhorError {
  return new BhorError('login_used', 'This login was already used.')
}

/** The login is open again, for the answer of a human. */
async function pause(
  context: SessionContext,
  principal: Principal,
  account: AccountRecord,
  login: LoginRecord,
  intent: IntentRecord,
  carry: Carry,
): Promise<LoginRecord> {
  const open = amended(context.vault, 'logins', login, {
    status: 'open',
    sealedCarry: sealedCarry(context, login.id, carry),
  })
  await change(context, async (c) => {
    const detail = { login: login.id, step: carry.next }
    const tx = c.tell({ actor: principal.actor, action: 'login.question', result: 'ok', account, detail })
    if (!(await tx.logins.update(open, 'used'))) throw alreadyUsed()
    await tx.intents.update({ ...intent, state: 'committed', finishedAtMs: context.clock.nowMs() })
  })
  return open
}

/**
 * Only token kinds that the manifest names, each of its shape, and a base URL of the broker's own.
 *
 * @throws BhorError `bad_token_shape`
 */
export function checkedGrant({ broker, account, hosts }: Line, grant: Grant): Grant {
  for (const [kind, token] of Object.entries(grant.tokens)) {
    if (!broker.tokens[kind]?.pattern.test(token) || token.length > 8192) {
      throw new BhorError(
        'bad_token_shape',
        `${broker.name} sent a ${kind} token of a shape that no token has (${token.length} characters).`,
      )
    }
  }
  if (!grant.tokens.access) throw new BhorError('bad_token_shape', `${broker.name} sent no access token.`)
  const { baseUrl } = grant
  const isAtBroker = account.kind !== 'sandbox' && baseUrl !== undefined && broker.sessionUrls?.test(baseUrl)
  if (baseUrl && !isAtBroker && !Object.values(hosts).includes(baseUrl))
    throw new BhorError('bad_token_shape', `${broker.name} sent a base URL that is not its own.`)
  return grant
}
