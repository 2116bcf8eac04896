import type { Actor, AuditEntry } from '../../contracts/audit.ts'
import type { LoginMethod } from '../../contracts/broker.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { newId, newToken } from '../../core/ids.ts'
import { refuseOtherAddress } from '../egress/egresses.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed, refuseSealedIn } from '../gate/seal.ts'
import { errorOfNet } from '../ground/broker-call.ts'
import { change } from '../ground/change.ts'
import { refuseUncertainClock } from '../ground/clock-faults.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { amended, proven, soundOf, stamped } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'
import { type Carry, carryWithoutPage, kindOf, sealedCarry } from './methods.ts'
import { signedState } from './redirected.ts'

/** A pending login lives this long and is used once. */
export const loginTtlMs = 10 * 60 * 1000
/** What is approved on a phone may wait for that long. */
const longestApprovalMs = 60 * 60 * 1000
/** More than a person has open at once; a flood of starts must not fill the store. */
const openLoginsPerAccount = 10

/** Begins a login: what its kind does first, and the pending login with a one-time state, stored as a keyed hash. */
export async function startLogin(
  context: SessionContext,
  principal: Principal,
  line: Line,
  method: LoginMethod,
  via: string,
): Promise<{ login: LoginRecord; page: string | null; carry: Carry }> {
  const { account, broker } = line
  refuseSealed(await theHouseOf(context))
  await refuseUncertainClock(context, line)
  await refuseOtherAddress(context, principal, line)
  const state = signedState(context, broker.id, newToken(context.random))
  const run = { context, line, redirectUrl: account.redirectUrl }
  const begun = kindOf(method).begin(run, method, state)
  const { page, next, vars } = await begun.catch((error: unknown) => {
    throw errorOfNet(broker, error)
  })
  const carry: Carry = { method: method.kind, next, vars, ...(page === null ? {} : { page }) }
  const nowMs = context.clock.nowMs()
  const id = newId('login', context.random)
  // Sealed in the change itself, which is done again where the key was replaced just now.
  const made = () =>
    stamped(context.vault, 'logins', {
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
      expiresAtMs: nowMs + ttlOf(method),
      cameBy: '',
    })
  const login = await change(context, async (c) => {
    const { actor } = principal
    await refuseSealedIn(context, c.reads)
    const tx = c.tell({ actor, action: 'login.start', result: 'ok', account, detail: { login: id, via } })
    const open = soundOf(context.vault, 'logins', await c.reads.logins.open(nowMs, account.id))
    // The newest link is the one that somebody has in front of them.
    for (const forgotten of open.slice(openLoginsPerAccount - 1)) {
      const kept = carryWithoutPage(context, forgotten)
      const cancelled = { status: 'cancelled', outcome: 'cancelled', ...kept } as const
      await tx.logins.update(amended(context.vault, 'logins', forgotten, cancelled), 'open')
    }
    const login = made()
    await tx.logins.insert(login)
    return login
  })
  return { login, page, carry }
}

/** A phone in another room is looked at later than the page in front of somebody. */
function ttlOf(method: LoginMethod): number {
  return method.kind === 'approval' ? Math.min(method.approvalTtlMs, longestApprovalMs) : loginTtlMs
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
  await change(context, async (c) => {
    if ((await c.reads.logins.byId(login.id))?.status !== 'open') return
    const result = status === 'cancelled' ? 'ok' : 'failed'
    const detail = { login: login.id }
    const tx = c.tell({ actor, action, result, code: outcome, account, detail })
    const ended = { status, outcome, ...carryWithoutPage(context, login) }
    await tx.logins.update(amended(context.vault, 'logins', login, ended), 'open')
  })
}
