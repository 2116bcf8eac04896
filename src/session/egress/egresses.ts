import type { AccountEgress } from '../../contracts/api.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { accountFor } from '../accounts/account.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { amended, proven } from '../ground/records.ts'
import { noAccount, type Principal } from '../ground/rights.ts'
import { askEchoes } from './echo.ts'
import { isSameWay } from './settings.ts'
import { accountEgress, egressStanding } from './standing.ts'
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
    return accountEgress(await this.#measure(principal, account))
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
  const { addresses, code } = await askEchoes(context.net, egressOf(context.vault, account), echoes)
  return change(context, async (c) => {
    const now = await c.reads.accounts.byId(account.id)
    if (!now) throw noAccount()
    // It has another way by now, of which this says nothing.
    if (!isSameWay(now.settings.egress, account.settings.egress)) return now
    const { addresses: before = [], changed: earlier } = now.lastEgress ?? {}
    const isChanged = before.length > 0 && before.join(',') !== addresses.join(',')
    const changed = isChanged && addresses.length > 0 ? { atMs: nowMs, before } : earlier
    const lastEgress = { atMs: nowMs, addresses, code, ...(changed ? { changed } : {}) }
    const after = amended(context.vault, 'accounts', now, { lastEgress })
    const detail = {
      standing: egressStanding(after),
      addresses: addresses.join(','),
      ...(isChanged ? { before: before.join(',') } : {}),
    }
    const told = code === '' ? ({ result: 'ok' } as const) : ({ result: 'failed', code } as const)
    const tx = c.tell({ actor, action: 'egress.measure', account: after, detail, ...told })
    await tx.accounts.update(after, now.generation)
    return after
  })
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
  if (broker.addressCheck !== 'session' || egressStanding(account) === 'nothing registered') return
  const measured = await measureEgress(context, principal, account, freshMs)
  const { addresses = [], code = '' } = measured.lastEgress ?? {}
  if (/^egress_(?:unavailable|proxy_)/.test(code)) throw new BhorError(code as 'egress_unavailable')
  if (egressStanding(measured) !== 'different') return
  throw new BhorError(
    'egress_different',
    `${account.alias} leaves by ${addresses.join(' and ')}, which is not registered at ${broker.name}. Nothing was sent.`,
    {
      hint: `Leave by the registered address: bhor egress ${account.alias} --from or --proxy. Or register this one.`,
    },
  )
}
