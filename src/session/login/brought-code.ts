import type { Broker, Grant, Values } from '../../contracts/broker.ts'
import type { AccountKind, AccountRecord } from '../../contracts/store.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed } from '../gate/seal.ts'
import { refuseWithheld } from '../gate/withhold.ts'
import { askedAt } from '../ground/asked-at.ts'
import { callBroker, errorOfVerdict } from '../ground/broker-call.ts'
import { type EventDetail, entryOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkField } from '../ground/fields.ts'
import { lineTo } from '../ground/line.ts'
import { proven } from '../ground/records.ts'
import { type Principal, requireFresh, requireRight } from '../ground/rights.ts'
import { type Callback, callbackInput } from './callback.ts'
import { advanceLogin, checkedGrant, exchangeError } from './exchange.ts'
import { startLogin } from './pending.ts'
import { redirectOf } from './redirected.ts'

/** A one-time code that a program got by itself, with the credentials of the app that it belongs to. */
export interface BroughtCode {
  readonly broker: string
  /** By the manifest's names; all of them. */
  readonly app: Values
  readonly callback: Callback
  /** The account whose session it shall be; nothing is stored without one. */
  readonly account?: string
}

/** What whoever brought it gets. */
export interface BroughtSession {
  readonly accessToken: string
  readonly userId: string
  readonly userName: string
  readonly email: string
  readonly userType: string
  readonly brokerName: string
  readonly grantedAt: string
}

/**
 * Exchanges a code for whoever has code and secret: he could do it himself, so that no right to read tokens is asked for.
 * The record is durable before the token is given.
 *
 * @throws BhorError `scope_missing`, `account_not_found`, `bad_field`, `bad_secret`, `sealed`, `gate_closed`, `bad_grant`,
 *   `app_invalid`, `wrong_user`, `answer_lost`, `broker_…`, `audit_unavailable`
 */
export async function exchangeBrought(
  context: SessionContext,
  principal: Principal,
  brought: BroughtCode,
): Promise<BroughtSession> {
  requireRight(principal, 'login', 'own')
  const account =
    brought.account === undefined ? undefined : await accountFor(context, principal, 'login', brought.account)
  requireFresh(context, principal, 'token.show')
  await context.rateLimits.spend(principal, 'login', account)
  const broker = await context.broker(brought.broker)
  for (const [name, spec] of Object.entries(broker.app)) checkField(name, spec, brought.app[name] ?? '')
  const reading = redirectOf(broker).readCallback(callbackInput(brought.callback))
  if (reading.kind !== 'granted') throw new BhorError('bad_field', 'This is no one-time code of this broker.')
  const house = await theHouseOf(context)
  refuseSealed(house)
  // Before the code is spent: its token could not be given.
  refuseWithheld(context.clock.nowMs(), account ?? { alias: 'all accounts', pause: null }, house)
  if (account) return forAccount(context, principal, broker, brought, account, reading)
  try {
    return await forNobody(context, principal, broker, brought, reading.vars)
  } catch (cause) {
    const { code } = toBhorError(cause)
    const failed = { action: 'login.exchange', result: 'failed', code, detail: unstored(broker) } as const
    await context.refusals.record({ actor: principal.actor, ...failed })
    throw cause
  }
}

/** As any other login of the account, from the intent to the commit. */
async function forAccount(
  context: SessionContext,
  principal: Principal,
  broker: Broker,
  { app }: BroughtCode,
  account: AccountRecord,
  { vars, secretVars }: { readonly vars: Values; readonly secretVars: readonly string[] },
): Promise<BroughtSession> {
  if (account.broker !== broker.id)
    throw new BhorError('bad_field', `${account.alias} is no account of ${broker.name}.`)
  const line = await lineTo(context, account)
  for (const [name, { label, secret }] of Object.entries(broker.app)) {
    const mark = (value = '') => context.vault.fingerprint('credentials', value)
    // What a client key brings is no new secret of the account.
    if (mark(line.values.app[name]) !== mark(app[name]))
      throw new BhorError(secret ? 'bad_secret' : 'bad_field', `${label} is not that of ${account.alias}.`, {
        facts: { field: name },
        hint: 'Correct the account first: bhor accounts edit.',
      })
  }
  const method = redirectOf(broker)
  const { login, carry } = await startLogin(context, principal, line, method, 'api')
  const exchange = { line, method, login, carry, brought: vars, secretVars, way: 'desk' } as const
  const { session } = await advanceLogin(context, principal, exchange)
  if (!session) throw new BhorError('needs_login', `${broker.name} asks for more than a code.`)
  const { values } = await lineTo(context, account, session)
  const detail = { generation: session.generation, token: 'access' }
  await recordHandOut(context, principal, detail, account)
  return {
    accessToken: values.tokens.access ?? '',
    userId: session.userId,
    userName: session.userName,
    email: session.email,
    userType: session.userType,
    brokerName: session.brokerName,
    grantedAt: iso(session.grantedAtMs),
  }
}

/** Nothing of it is kept. It goes directly to the broker, or to the simulator where the app is one of a sandbox. */
async function forNobody(
  context: SessionContext,
  principal: Principal,
  broker: Broker,
  { app }: BroughtCode,
  vars: Values,
): Promise<BroughtSession> {
  const kind = await kindOfApp(context, broker, app)
  const hosts = await context.hosts(broker, { kind, fields: {} })
  const isSandbox = kind === 'sandbox'
  const [step] = redirectOf(broker).steps
  const values = { app, account: {}, redirectUrl: '', vars, now: context.clock.now() }
  const way = { hosts, baseUrl: '', isSandbox }
  const asked = askedAt(context.clock)
  const { reply, verdict } = await callBroker(context, broker, step!.request(values), 'exchange', way).catch(
    (cause: unknown) => {
      throw exchangeError(broker, cause, 'was sent the one-time code')
    },
  )
  if (verdict.kind !== 'ok') throw errorOfVerdict(broker, verdict, reply.status)
  const result = step!.read(reply, { ...values, now: context.clock.now() })
  if (!('grant' in result)) throw new BhorError('needs_login', `${broker.name} asks for more than a code.`)
  const grant = checkedGrant({ broker, account: { kind }, hosts }, result.grant)
  const { profile, userId = '' } = grant
  const detail = { ...unstored(broker), kind, user: userId, token: 'access' }
  await recordHandOut(context, principal, detail).catch(async (error: unknown) => {
    await logOut(context, broker, app, grant, way)
    throw error
  })
  return {
    accessToken: grant.tokens.access ?? '',
    userId,
    userName: profile?.userName ?? '',
    email: profile?.email ?? '',
    userType: profile?.userType ?? '',
    brokerName: profile?.broker ?? '',
    grantedAt: (grant.grantedAt ?? asked()).toString(),
  }
}

/** A sandbox's app is known to the simulator alone. */
async function kindOfApp(
  context: SessionContext,
  broker: Broker,
  { apiKey = '' }: Values,
): Promise<AccountKind> {
  const known = await context.store.apps.byKey(broker.id, 'sandbox', apiKey)
  if (!known) return 'live'
  proven(context.vault, 'apps', known)
  return 'sandbox'
}

async function recordHandOut(
  context: SessionContext,
  { actor }: Principal,
  detail: EventDetail,
  account?: AccountRecord,
): Promise<void> {
  const by = actor.kind === 'key' ? { key: actor.id } : {}
  const told = {
    actor,
    action: 'session.handout',
    result: 'ok',
    account,
    detail: { ...detail, ...by },
  } as const
  await context.audit.record(entryOf(context, told))
}

/** Best effort: nobody was given it. */
async function logOut(
  context: SessionContext,
  broker: Broker,
  app: Values,
  { tokens, userId = '' }: Grant,
  way: Parameters<typeof callBroker>[4],
): Promise<void> {
  const values = { app, account: {}, tokens, userId, now: context.clock.now() }
  const request = broker.logout?.request(values)
  if (request) await callBroker(context, broker, request, 'logout', way).catch(() => undefined)
}

function unstored({ id }: Broker): EventDetail {
  return { stored: false, broker: id }
}
