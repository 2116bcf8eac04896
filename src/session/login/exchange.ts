import type { Broker, Grant, LoginMethod, Values } from '../../contracts/broker.ts'
import { NetError } from '../../contracts/net.ts'
import type {
  AccountRecord,
  IntentRecord,
  LoginRecord,
  LoginWay,
  SessionRecord,
} from '../../contracts/store.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { refuseOtherAddress } from '../egress/egresses.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed, refuseSealedIn } from '../gate/seal.ts'
import { errorOfNet } from '../ground/broker-call.ts'
import { change } from '../ground/change.ts'
import { refuseUncertainClock } from '../ground/clock-faults.ts'
import type { SessionContext } from '../ground/context.ts'
import {
  askedWithinMs,
  claimIntent,
  newIntent,
  overIntent,
  refuseSecondFlight,
  settleIntent,
} from '../ground/intent.ts'
import { type Line, limited } from '../ground/line.ts'
import { amended, proven } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { commitSession, type NewSession } from './commit.ts'
import { dropGrant, type Verified, verifyIdentity } from './identity.ts'
import { type Carry, carryWithoutPage, kindOf, sealedCarry } from './methods.ts'
import { commitAgain, isUnknown, settleUnknown, storedSession } from './unknown-commit.ts'

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
  /** By which way it was brought. */
  readonly way: LoginWay
  /** What was brought is the session itself, and the broker has said whose it is. */
  readonly posted?: { readonly grant: Grant; readonly verified: Verified }
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
  // Nothing is spent: the link works again once bhor is unsealed.
  refuseSealed(await theHouseOf(context))
  await refuseUncertainClock(context, exchange.line)
  // The code lives on, and the login stays open for the right way.
  await refuseOtherAddress(context, principal, exchange.line)
  const { login, intent } = await claim(context, principal, exchange)
  return context.flights.run({ intent }, async () => {
    try {
      const line = limited(context, exchange.line, askedWithinMs)
      return await goOn(context, principal, { ...exchange, line }, login, intent)
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
  { line, method, carry, brought, secretVars, posted }: Exchange,
  login: LoginRecord,
  intent: IntentRecord,
): Promise<Advanced> {
  if (posted) {
    const grant = checkedGrant(line, posted.grant)
    const { verified } = posted
    return storeGrant(context, principal, { line, grant, startedBy: 'approval', intent, login }, verified)
  }
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

type Granted = Omit<NewSession, 'verified' | 'grant'> & { readonly grant: Grant }

/** Checks whose the grant is, if nobody has yet, and stores it. A token that is not stored must not stay alive, whatever the reason. */
export async function storeGrant(
  context: SessionContext,
  principal: Principal,
  granted: Granted,
  known?: Verified,
): Promise<{ account: AccountRecord; session: SessionRecord }> {
  const { line, intent } = granted
  // Of what a person brought nobody knows better; whose it is the broker is asked behind that.
  const grant = { grantedAt: context.clock.now(), ...granted.grant }
  const drop = () => dropGrant(context, line, grant, intent)
  try {
    const verified = known ?? (await verifyIdentity(context, line, grant))
    const commit = () => commitSession(context, principal, { ...granted, grant, verified })
    const stored = () => storedSession(context, intent)
    return await commit().catch((error: unknown) => commitAgain(context, intent, error, commit, stored))
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
  { line: { account }, login, brought, secretVars, way }: Exchange,
): Promise<{ login: LoginRecord; intent: IntentRecord }> {
  // What was brought from outside is not made the desk's by an answer that is given at the desk.
  const cameBy = login.cameBy === '' || login.cameBy === 'desk' ? way : login.cameBy
  // Sealed in the change itself, which is done again where the key was replaced just now.
  const used = () =>
    amended(context.vault, 'logins', login, { status: 'used', cameBy, ...carryWithoutPage(context, login) })
  let claimed = login
  const codes = secretVars.map((name) => brought[name] ?? '')
  const intent = newIntent(context, account, 'exchange', codes, login.id)
  await claimIntent(context, principal.actor, intent, async (c) => {
    await refuseSealedIn(context, c.reads)
    const stored = await c.reads.logins.byId(login.id)
    const detail = { login: login.id }
    const tx = c.tell({ actor: principal.actor, action: 'login.callback', result: 'ok', account, detail })
    claimed = used()
    if (!(await tx.logins.update(claimed, 'open'))) throw alreadyUsed()
    // Open again, but at a later step: somebody else's answer came first, and this one is for a step that is over.
    if (stored?.sealedCarry !== login.sealedCarry) throw alreadyUsed()
    await refuseSecondFlight(context, c.reads, account)
    if (!(await tx.intents.insert(intent))) throw alreadyUsed()
    // What the commit will replace must be genuine: to find out only then would cost the code.
    const replaced = await c.reads.sessions.latest(account.id)
    if (replaced) proven(context.vault, 'sessions', replaced)
  })
  return { login: claimed, intent }
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
  // Sealed in the change itself, which is done again where the key was replaced just now.
  const opened = () =>
    amended(context.vault, 'logins', login, {
      status: 'open',
      sealedCarry: sealedCarry(context, login.id, carry),
    })
  const commit = () =>
    change(context, async (c) => {
      const detail = { login: login.id, step: carry.next }
      const tx = c.tell({ actor: principal.actor, action: 'login.question', result: 'ok', account, detail })
      const open = opened()
      if (!(await tx.logins.update(open, 'used'))) throw alreadyUsed()
      if (!(await tx.intents.update(overIntent(context, intent, { state: 'committed' })))) throw alreadyUsed()
      return open
    })
  const stored = async () => opened()
  return commit()
    .catch((error: unknown) => commitAgain(context, intent, error, commit, stored))
    .catch(async (error: unknown) => {
      // Nothing was granted yet: there is nothing to log out.
      if (isUnknown(error))
        await context.flights.settle(intent, () => settleUnknown(context, intent, async () => {}))
      throw error
    })
}

/**
 * Only token kinds that the manifest names, each of its shape, and a base URL of the broker's own: of a live session one
 * that `sessionUrls` knows, of any session one of the account's hosts.
 *
 * @throws BhorError `bad_token_shape`
 */
export function checkedGrant(
  { broker, account, hosts }: Pick<Line, 'broker' | 'hosts'> & { account: Pick<AccountRecord, 'kind'> },
  grant: Grant,
): Grant {
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
  const isAtBroker = account.kind === 'live' && baseUrl !== undefined && broker.sessionUrls?.test(baseUrl)
  if (baseUrl && !isAtBroker && !Object.values(hosts).includes(baseUrl))
    throw new BhorError('bad_token_shape', `${broker.name} sent a base URL that is not its own.`)
  return grant
}
