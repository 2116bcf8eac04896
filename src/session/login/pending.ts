import type { Actor, AuditEntry } from '../../contracts/audit.ts'
import type { LoginMethod } from '../../contracts/broker.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { newId, newToken } from '../../core/ids.ts'
import { errorOfNet } from '../ground/broker-call.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { amended, proven, soundOf, stamped } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { type Carry, kindOf, sealedCarry } from './methods.ts'
import { signedState } from './redirected.ts'

/** A pending login lives this long and is used once. */
export const loginTtlMs = 10 * 60 * 1000
/** More than a person has open at once; a flood of starts must not fill the store. */
const openLoginsPerAccount = 10
/** bhor did not exist before: a clock that says so has lost its battery. */
const firstPlausible = Temporal.Instant.from('2026-01-01T00:00:00Z')

/** @throws BhorError `clock_wrong` before 2026: the end of a session is reckoned from the clock */
export function refuseWrongClock(now: Temporal.Instant): void {
  if (Temporal.Instant.compare(now, firstPlausible) >= 0) return
  const { year } = now.toZonedDateTimeISO('Asia/Kolkata')
  throw new BhorError('clock_wrong', `The clock says ${year}; logins are paused.`)
}

/** Begins a login: what its kind does first, and the pending login with a one-time state, stored as a keyed hash. */
export async function startLogin(
  context: SessionContext,
  { actor }: Principal,
  line: Line,
  method: LoginMethod,
  via: string,
): Promise<{ login: LoginRecord; page: string | null; carry: Carry }> {
  const { account, broker } = line
  refuseWrongClock(context.clock.now())
  const state = signedState(context, broker.id, newToken(context.random))
  const run = { context, line, redirectUrl: account.redirectUrl }
  const begun = kindOf(method).begin(run, method, state)
  const { page, next, vars } = await begun.catch((error: unknown) => {
    throw errorOfNet(broker, error)
  })
  const carry: Carry = { method: method.kind, next, vars }
  const nowMs = context.clock.nowMs()
  const id = newId('login', context.random)
  const login = stamped(context.vault, 'logins', {
    id,
    accountId: account.id,
    broker: broker.id,
    stateHash: context.vault.fingerprint('login-state', state),
    redirectUrl: account.redirectUrl,
    status: 'open',
    outcome: '',
    generation: 0,
    sealedCarry: sealedCarry(context, id, carry),
    startedBy: via,
    createdAtMs: nowMs,
    expiresAtMs:
      nowMs + (method.kind === 'approval' ? Math.min(method.approvalTtlMs, loginTtlMs) : loginTtlMs),
  })
  await change(context, async (c) => {
    const tx = c.tell({ actor, action: 'login.start', result: 'ok', account, detail: { login: id, via } })
    const open = soundOf(context.vault, 'logins', await c.reads.logins.open(nowMs, account.id))
    // The newest link is the one that somebody has in front of them.
    for (const forgotten of open.slice(openLoginsPerAccount - 1)) {
      const cancelled = { status: 'cancelled', outcome: 'cancelled' } as const
      await tx.logins.update(amended(context.vault, 'logins', forgotten, cancelled), 'open')
    }
    await tx.logins.insert(login)
  })
  return { login, page, carry }
}

/** A login of this account by its id. @throws BhorError `login_not_found` */
export async function loginOf(
  context: SessionContext,
  account: AccountRecord,
  loginId: string,
): Promise<LoginRecord> {
  const login = await context.store.logins.byId(loginId)
  if (login?.accountId !== account.id) throw new BhorError('login_not_found', 'There is no such login.')
  return proven(context.vault, 'logins', login)
}

/** How a login ends without an exchange. */
interface Ending {
  readonly status: 'cancelled' | 'failed'
  readonly outcome: ErrorCode
  readonly action: AuditEntry['action']
}

/** Ends an open login and records it; when somebody was faster, nothing happens. */
export async function endLogin(
  context: SessionContext,
  actor: Actor,
  account: AccountRecord,
  login: LoginRecord,
  { status, outcome, action }: Ending,
): Promise<void> {
  const ended = amended(context.vault, 'logins', login, { status, outcome })
  await change(context, async (c) => {
    if ((await c.reads.logins.byId(login.id))?.status !== 'open') return
    const result = status === 'cancelled' ? 'ok' : 'failed'
    const detail = { login: login.id }
    const tx = c.tell({ actor, action, result, code: outcome, account, detail })
    await tx.logins.update(ended, 'open')
  })
}
