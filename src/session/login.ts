import type { LoginStarted } from '../contracts/api.ts'
import type { AuditEntry } from '../contracts/audit.ts'
import type { Broker, CallbackReading, RedirectLogin } from '../contracts/broker.ts'
import type { AccountRecord, LoginRecord, SessionRecord } from '../contracts/store.ts'
import { BhorError, type ErrorCode } from '../core/errors.ts'
import { newId, newToken } from '../core/ids.ts'
import { printable } from '../core/redact.ts'
import { accountNamed, appOf } from './accounts.ts'
import { addressOf } from './broker-call.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { exchangeGrant } from './exchange.ts'
import { amended, proven, stamped } from './records.ts'
import { revealed } from './signing.ts'

/** A pending login lives this long and is used once. */
export const loginTtlMs = 10 * 60 * 1000
/** More than a person has open at once; a flood of starts must not fill the store. */
const openLoginsPerAccount = 10
const longestParam = 512
/** bhor did not exist before: a clock that says so has lost its battery. */
const firstPlausible = Temporal.Instant.from('2026-01-01T00:00:00Z')

/** @throws BhorError `clock_wrong` before 2026: the end of a session is reckoned from the clock */
export function refuseWrongClock(now: Temporal.Instant): void {
  if (Temporal.Instant.compare(now, firstPlausible) >= 0) return
  const { year } = now.toZonedDateTimeISO('Asia/Kolkata')
  throw new BhorError('clock_wrong', `The clock says ${year}; logins are paused.`)
}

/** What came to a callback address, or was pasted. Several values under one name are kept apart. */
export interface Callback {
  readonly params: ReadonlyMap<string, readonly string[]>
  readonly rawQuery: string
}

/** Starts a login: a one-time state is stored as a keyed hash, and the broker's page is named. */
export async function startLogin(
  context: SessionContext,
  principal: Principal,
  alias: string,
  via: string,
): Promise<LoginStarted> {
  const now = context.clock.now()
  refuseWrongClock(now)
  const account = await accountNamed(context, alias, principal)
  const broker = await context.broker(account.broker)
  const method = redirectOf(broker)
  const { app, secrets } = await appOf(context, account)
  const token = newToken(context.random)
  const state = `${token}.${context.vault.signState(`${broker.id}:${token}`)}`
  const page = method.loginUrl({
    app: { apiKey: app.apiKey, ...app.fields, ...revealed(secrets) },
    account: account.fields,
    redirectUrl: account.redirectUrl,
    vars: {},
    now,
    state,
  })
  const url = addressOf(page, await context.hosts(broker, account.kind))
  const login = stamped(context.vault, 'logins', {
    id: newId('login', context.random),
    accountId: account.id,
    broker: broker.id,
    stateHash: context.vault.fingerprint('login-state', state),
    redirectUrl: account.redirectUrl,
    status: 'open',
    outcome: '',
    generation: 0,
    sealedCarry: '',
    startedBy: via,
    createdAtMs: now.epochMilliseconds,
    expiresAtMs: now.epochMilliseconds + loginTtlMs,
  })
  await context.store.transaction(async (tx) => {
    const open = await tx.openLogins(now.epochMilliseconds, account.id)
    // The newest link is the one that somebody has in front of them.
    for (const forgotten of open.slice(openLoginsPerAccount - 1)) {
      const cancelled = amended(context.vault, 'logins', forgotten, {
        status: 'cancelled',
        outcome: 'cancelled',
      })
      await tx.updateLogin(cancelled, 'open')
    }
    await tx.insertLogin(login)
    await context.audit.within(tx, [
      entryOf(context, principal.actor, account, {
        action: 'login.start',
        result: 'ok',
        detail: { login: login.id, via },
      }),
    ])
  })
  context.changes.announce()
  const expiresAt = Temporal.Instant.fromEpochMilliseconds(login.expiresAtMs).toString()
  return {
    login: login.id,
    account: account.alias,
    broker: broker.id,
    kind: account.kind,
    method: method.kind,
    status: login.status,
    url,
    asks: [],
    redirectUrl: account.redirectUrl,
    expiresAt,
  }
}

/** Ends a pending login that nobody wants any more. */
export async function cancelLogin(
  context: SessionContext,
  principal: Principal,
  alias: string,
  loginId: string,
): Promise<void> {
  const account = await accountNamed(context, alias, principal)
  const login = await loginOf(context, account, loginId)
  await endLogin(context, principal.actor, account, login, {
    status: 'cancelled',
    outcome: 'cancelled',
    action: 'login.cancel',
  })
}

/** A login of this account by its id. @throws BhorError `login_not_found` */
export async function loginOf(
  context: SessionContext,
  account: AccountRecord,
  loginId: string,
): Promise<LoginRecord> {
  const login = await context.store.login(loginId)
  if (login?.accountId !== account.id) throw new BhorError('login_not_found', 'There is no such login.')
  return proven(context.vault, 'logins', login)
}

/**
 * Finishes a login with what the broker's redirect brought. The state is checked before anything else is believed,
 * so that a stranger's request to the callback address can neither finish nor break off a login.
 *
 * @throws BhorError `login_state_invalid`, `login_expired`, `login_used`, `login_refused`, `callback_incomplete`,
 *   `wrong_page`, `wrong_user`, `bad_grant`, `answer_lost`, `broker_…`
 */
export async function completeLogin(
  context: SessionContext,
  principal: Principal,
  brokerId: string,
  callback: Callback,
  expected?: AccountRecord,
): Promise<{ account: AccountRecord; session: SessionRecord }> {
  const broker = await context.broker(brokerId)
  const method = redirectOf(broker)
  const reading = method.readCallback({ params: singleParams(callback), rawQuery: callback.rawQuery })
  if (reading.kind === 'wrong_page')
    throw new BhorError('wrong_page', 'This is not the page that the broker sent you back to.', {
      hint: reading.hint,
    })
  const login = await loginByState(context, broker, reading)
  const stored = await context.store.account(login.accountId)
  if (!stored || (expected && stored.id !== expected.id)) throw invalidState()
  const account = proven(context.vault, 'accounts', stored)

  if (reading.kind === 'incomplete') {
    throw new BhorError('callback_incomplete', `The broker’s answer lacks ${reading.missing}.`)
  }
  if (reading.kind === 'refused') {
    await endLogin(context, principal.actor, account, login, {
      status: 'failed',
      outcome: 'login_refused',
      action: 'login.callback',
    })
    const said = reading.brokerMessage ? ` It says: “${printable(reading.brokerMessage)}”` : ''
    throw new BhorError('login_refused', `${broker.name} did not grant the login.${said}`)
  }
  return exchangeGrant(context, principal, {
    broker,
    method,
    account,
    login,
    vars: reading.vars,
    secretVars: reading.secretVars,
  })
}

/** Finishes a login with an address that the user copied out of the browser. */
export async function completePasted(
  context: SessionContext,
  principal: Principal,
  alias: string,
  address: string,
): Promise<{ account: AccountRecord; session: SessionRecord }> {
  const account = await accountNamed(context, alias, principal)
  const text = address.trim()
  if (!URL.canParse(text) || text.length > 8192) {
    throw new BhorError('wrong_page', `This is not an address (${text.length} characters).`, {
      hint: `Paste the whole address of the page where the browser ended; it starts with ${account.redirectUrl}.`,
    })
  }
  const url = new URL(text)
  if (
    url.origin + url.pathname !==
    new URL(account.redirectUrl).origin + new URL(account.redirectUrl).pathname
  ) {
    throw await foreignPage(context, account, url)
  }
  return completeLogin(context, principal, account.broker, callbackOf(url.search.slice(1)), account)
}

/** The adapter knows the pages that people paste by mistake, and what to do instead. */
async function foreignPage(context: SessionContext, account: AccountRecord, url: URL): Promise<BhorError> {
  const method = redirectOf(await context.broker(account.broker))
  const callback = callbackOf(url.search.slice(1))
  const reading = method.readCallback({ params: singleParams(callback), rawQuery: callback.rawQuery })
  const hint =
    reading.kind === 'wrong_page'
      ? reading.hint
      : `Paste the address of the page where the browser ended; it starts with ${account.redirectUrl}.`
  return new BhorError('wrong_page', 'This is not the page that the broker sent you back to.', { hint })
}

/** Splits a query without losing that a name came twice. */
export function callbackOf(rawQuery: string): Callback {
  const params = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(rawQuery))
    params.set(name, [...(params.get(name) ?? []), value])
  return { params, rawQuery }
}

/** How a login ends without an exchange. */
interface Ending {
  readonly status: 'cancelled' | 'failed'
  readonly outcome: ErrorCode
  readonly action: AuditEntry['action']
}

/** Ends an open login and records it; when somebody was faster, nothing happens. */
async function endLogin(
  context: SessionContext,
  actor: Principal['actor'],
  account: AccountRecord,
  login: LoginRecord,
  { status, outcome, action }: Ending,
): Promise<void> {
  const ended = amended(context.vault, 'logins', login, { status, outcome })
  await context.store.transaction(async (tx) => {
    if (!(await tx.updateLogin(ended, 'open'))) return
    const result = status === 'cancelled' ? 'ok' : 'failed'
    await context.audit.within(tx, [
      entryOf(context, actor, account, { action, result, code: outcome, detail: { login: login.id } }),
    ])
  })
  context.changes.announce()
}

function redirectOf(broker: Broker): RedirectLogin {
  const method = broker.logins.find((login) => login.kind === 'redirect')
  if (!method) throw new BhorError('bad_field', `${broker.name} has no login page of its own.`)
  return method
}

function singleParams(callback: Callback): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [name, values] of callback.params) {
    const value = values[0] ?? ''
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    if (values.length > 1 || value.length > longestParam || /[\u0000-\u001f\u007f\ufffd]/.test(value)) {
      throw new BhorError(
        'callback_incomplete',
        'The broker’s answer is malformed: a value is given twice, too long or not text.',
      )
    }
    params[name] = value
  }
  return params
}

async function loginByState(
  context: SessionContext,
  broker: Broker,
  reading: Exclude<CallbackReading, { kind: 'wrong_page' }>,
): Promise<LoginRecord> {
  const state = reading.state ?? ''
  const dot = state.indexOf('.')
  const isOurs =
    dot > 0 && context.vault.isStateSigned(`${broker.id}:${state.slice(0, dot)}`, state.slice(dot + 1))
  if (!isOurs) throw invalidState()
  const login = await context.store.loginByState(context.vault.fingerprint('login-state', state))
  if (!login || login.broker !== broker.id) throw invalidState()
  proven(context.vault, 'logins', login)
  if (login.status === 'cancelled') throw new BhorError('login_used', 'This login was cancelled.')
  if (login.status !== 'open') throw new BhorError('login_used', 'This login link was already used.')
  if (context.clock.nowMs() >= login.expiresAtMs)
    throw new BhorError('login_expired', 'This login link is older than 10 minutes.')
  return login
}

function invalidState(): BhorError {
  return new BhorError('login_state_invalid', 'This login link is not valid (or too old).')
}
