import type { AccountEgress } from '../../contracts/api.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { accountFor } from '../accounts/account.ts'
import { change, type EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { amended, proven } from '../ground/records.ts'
import { noAccount, type Principal } from '../ground/rights.ts'
import { askEchoes, type Seen } from './echo.ts'
import { isSameWay } from './settings.ts'
import { accountEgress, egressStanding, isRegistered, measuredAgainAtMs, seenAtMsOf } from './standing.ts'
import { egressOf } from './way.ts'

/** Between the steps of a login nobody is asked again after so short a time. */
const freshMs = 5_000

/** By which address the world sees an account. */
export class Egresses {
  readonly #context: SessionContext
  readonly #flights = new SingleFlight<AccountRecord>()

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** Measures by which address the account leaves, over its own way, and compares that with what is registered. */
  async measure(principal: Principal, alias: string): Promise<AccountEgress> {
    const account = await accountFor(this.#context, principal, 'login', alias)
    await this.#context.rateLimits.spend(principal, 'egress', account)
    return accountEgress(await this.#measure(principal, account), this.#context.clock.nowMs())
  }

  #measure(principal: Principal, account: AccountRecord): Promise<AccountRecord> {
    return this.#flights.run(account.id, () => measureEgress(this.#context, principal, account))
  }
}

/**
 * @param goodForMs a measurement that is younger is not repeated
 * @returns the account with what was found; as it was where no echo is known
 */
export async function measureEgress(
  context: SessionContext,
  { actor }: Principal,
  account: AccountRecord,
  goodForMs = 0,
): Promise<AccountRecord> {
  const nowMs = context.clock.nowMs()
  const stored = await context.store.accounts.byId(account.id)
  if (!stored) throw noAccount()
  const ageMs = nowMs - (stored.lastEgress?.atMs ?? Number.NEGATIVE_INFINITY)
  const echoes = (await context.egressEcho?.(account)) ?? []
  if (echoes.length === 0 || (ageMs >= 0 && ageMs < goodForMs))
    return proven(context.vault, 'accounts', stored)
  const said = await askEchoes(context.net, egressOf(context.vault, account), echoes)
  return change(context, async (c) => {
    const now = await c.reads.accounts.byId(account.id)
    if (!now) throw noAccount()
    // It has another way by now, of which this says nothing.
    if (!isSameWay(now.settings.egress, account.settings.egress)) return now
    const seen = wholeOf(now, nowMs, said)
    const after = amended(context.vault, 'accounts', now, { lastEgress: measuredAfter(now, nowMs, seen) })
    const told = { actor, action: 'egress.measure', account: after } as const
    const { addresses: before = [] } = now.lastEgress ?? {}
    const tx =
      seen.code === ''
        ? c.tell({ ...told, result: 'ok', detail: seenDetail(before, after, nowMs) })
        : c.tell({ ...told, result: 'failed', code: seen.code })
    await tx.accounts.update(after, now.generation)
    return after
  })
}

/** After so long without an answer over one of two families it is gone. */
const goneAfterMs = 5 * 60_000

/**
 * Where an echo failed that had said a registered address before, nobody knows yet whether that is gone: for some minutes
 * it counts as a measurement that failed.
 */
function wholeOf(account: AccountRecord, nowMs: number, seen: Seen): Seen {
  const { addresses: before = [] } = account.lastEgress ?? {}
  const isLess = seen.addresses.length < before.length && seen.addresses.every((one) => before.includes(one))
  const isNew = nowMs < (measuredAgainAtMs(account) ?? 0) + goneAfterMs
  const isHalf = isLess && isNew && egressStanding(account, nowMs) === 'as registered'
  return isHalf && seen.missed ? { addresses: [], code: seen.missed } : seen
}

/** A measurement that has seen nothing takes away nothing that was seen before. */
function measuredAfter(
  account: AccountRecord,
  nowMs: number,
  { addresses, code }: Seen,
): NonNullable<AccountRecord['lastEgress']> {
  const before = account.lastEgress
  if (code !== '') {
    const seenAtMs = seenAtMsOf(account)
    const kept = { addresses: [], ...before, atMs: nowMs, code }
    return seenAtMs === undefined ? kept : { ...kept, seenAtMs }
  }
  const changed = isMoved(before?.addresses ?? [], addresses)
    ? { atMs: nowMs, before: before!.addresses }
    : before?.changed
  return { atMs: nowMs, addresses, code, ...(changed ? { changed } : {}) }
}

function seenDetail(before: readonly string[], after: AccountRecord, nowMs: number): EventDetail {
  const { addresses } = after.lastEgress!
  return {
    standing: egressStanding(after, nowMs),
    addresses: addresses.join(','),
    ...(isMoved(before, addresses) ? { before: before.join(',') } : {}),
  }
}

function isMoved(before: readonly string[], addresses: readonly string[]): boolean {
  return before.length > 0 && before.join(',') !== addresses.join(',')
}

/**
 * Before something is spent at a broker that grants and serves a session from the registered address alone: measures,
 * and goes on where nobody can know. A way that does not work has spent nothing either.
 *
 * @throws BhorError `egress_different`; `egress_unavailable`, `egress_proxy_…`
 */
export async function refuseOtherAddress(
  context: SessionContext,
  principal: Principal,
  { broker, account }: Pick<Line, 'broker' | 'account'>,
): Promise<void> {
  if (broker.addressCheck !== 'session' || !isRegistered(account)) return
  const measured = await measureEgress(context, principal, account, freshMs)
  const { addresses = [], code = '' } = measured.lastEgress ?? {}
  if (/^egress_(?:unavailable|proxy_)/.test(code)) throw new BhorError(code as 'egress_unavailable')
  // What was seen before a measurement that failed says nothing of now.
  if (code !== '' || egressStanding(measured, context.clock.nowMs()) !== 'different') return
  throw new BhorError(
    'egress_different',
    `${account.alias} leaves by ${addresses.join(' and ')}, which is not registered at ${broker.name}. Nothing was sent.`,
    {
      hint: `Leave by the registered address: bhor egress ${account.alias} --from or --proxy. Or register this one.`,
    },
  )
}
