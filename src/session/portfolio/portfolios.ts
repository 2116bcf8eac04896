import type {
  AccountOrders,
  AccountPortfolio,
  PortfolioFault,
  PortfolioView,
} from '../../contracts/portfolio.ts'
import { portfolioParts } from '../../contracts/portfolio.ts'
import type { AccountRecord, DamagedRow, SessionRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError, toBhorError } from '../../core/errors.ts'
import { isoOrNull } from '../../core/instant.ts'
import { printable } from '../../core/redact.ts'
import { accountFor } from '../accounts/account.ts'
import { gateView } from '../gate/view.ts'
import type { SessionContext } from '../ground/context.ts'
import { lineTo } from '../ground/line.ts'
import { proven } from '../ground/records.ts'
import { hasRight, keeper, type Principal, requireRight } from '../ground/rights.ts'
import { probableSessionOf } from '../life/live.ts'
import type { Reports } from '../life/report.ts'
import { unconfirmedText } from '../life/state.ts'
import { type Part, type Reading, Readings } from './readings.ts'
import { amountsOf, totalsOf } from './totals.ts'

/** So many accounts are asked at the same time. */
const atOnce = 8

/** What the accounts have at their brokers. Nothing of it is stored. */
export class Portfolios {
  readonly #context: SessionContext
  readonly #reports: Reports
  readonly #readings: Readings

  constructor(context: SessionContext, reports: Reports) {
    this.#context = context
    this.#reports = reports
    this.#readings = new Readings(context)
  }

  /**
   * Everything of every account that the caller may see. One that cannot be read says why; the others stand.
   *
   * @throws BhorError `scope_missing`
   */
  async view(principal: Principal): Promise<PortfolioView> {
    requireRight(principal, 'portfolio', 'own')
    const { store } = this.#context
    const { records, damaged } = await store.accounts.list()
    const isVisible = (account: { readonly id: string }) => hasRight(principal, 'portfolio', account)
    const own = records.filter(isVisible).toSorted((a, b) => (a.alias < b.alias ? -1 : 1))
    const read = await inTurns(own, atOnce, (account) => this.#portfolioOf(account))
    const accounts = [...read, ...damaged.filter(isVisible).map(ofDamagedRow)]
    const times = accounts.map(({ asOf }) => asOf).filter((asOf) => asOf !== null)
    return {
      asOf: times.toSorted()[0] ?? null,
      partial: accounts.some(({ error }) => error),
      accounts,
      totals: totalsOf(accounts),
    }
  }

  /**
   * One account as a trader looks at it: the orders of the day, positions, funds and its gate.
   *
   * @throws BhorError `scope_missing`, `account_not_found`, `store_damaged`
   */
  async orders(principal: Principal, alias: string): Promise<AccountOrders> {
    const context = this.#context
    const account = await accountFor(context, principal, 'portfolio', alias)
    const { limits } = await context.broker(account.broker)
    const { rateLimit } = account.settings
    const { rows, ...told } = await this.#read(account, ['orders', 'positions', 'funds'])
    const { orders, positions, funds } = listsOf(rows)
    const { positionsPnl, positionsDayPnl, available, used } = amountsOf({ holdings: null, positions, funds })
    return {
      ...aboutOf(account),
      ...told,
      orders,
      positions,
      funds,
      sums: { positionsPnl, positionsDayPnl, available, used },
      gate: await gateView(context, account),
      limits: {
        ordersPerSecond: limits.ordersPerSecond,
        callsPerSecond: limits.callsPerSecond,
        own: rateLimit ? { ...rateLimit } : null,
      },
    }
  }

  async #portfolioOf(account: AccountRecord): Promise<AccountPortfolio> {
    const { rows, ...told } = await this.#read(account, portfolioParts)
    const { holdings, positions, funds } = listsOf(rows)
    return {
      ...aboutOf(account),
      group: account.settings.group ?? null,
      ...told,
      holdings,
      positions,
      funds,
      sums: amountsOf({ holdings, positions, funds }),
    }
  }

  async #read(
    account: AccountRecord,
    parts: readonly Part[],
  ): Promise<{ asOf: string | null; rows: Reading['rows']; error?: PortfolioFault }> {
    try {
      const { askedAtMs, rows, missing, error } = await this.#ask(account, parts)
      const asOf = isoOrNull(askedAtMs ?? null)
      return { asOf, rows, ...(error ? { error: faultOf(error, missing) } : {}) }
    } catch (cause) {
      return { asOf: null, rows: {}, error: faultOf(toBhorError(cause), parts) }
    }
  }

  async #ask(stored: AccountRecord, parts: readonly Part[]): Promise<Reading> {
    const context = this.#context
    const account = proven(context.vault, 'accounts', stored)
    const session = await probableSessionOf(context, account)
    if (session.unconfirmed !== '') throw new BhorError('unconfirmed', unconfirmedText(account, session))
    const line = await lineTo(context, account, session)
    const reading = await this.#readings.read(line, session.generation, parts)
    if (!isBhorError(reading.error, 'session_revoked')) return reading
    return { ...reading, error: await this.#afterRefusal(account, session, reading.error) }
  }

  /** What the broker refused as dead may live all the same: it is asked, as after a program's report. */
  async #afterRefusal(
    account: AccountRecord,
    { generation }: SessionRecord,
    refusal: BhorError,
  ): Promise<BhorError> {
    await this.#reports.doubt(keeper, account, generation)
    try {
      const context = this.#context
      await probableSessionOf(context, await accountFor(context, keeper, 'portfolio', account.alias))
    } catch (error) {
      return toBhorError(error)
    }
    return new BhorError('broker_rejected', refusal.message, { facts: refusal.facts })
  }
}

function aboutOf({ alias, broker, kind, generation }: AccountRecord) {
  return { account: alias, broker, kind, generation }
}

/** null for what was not read. */
function listsOf(rows: Reading['rows']) {
  const { holdings, positions, funds, orders } = rows
  return {
    holdings: holdings ? [...holdings] : null,
    positions: positions ? [...positions] : null,
    funds: funds ? [...funds] : null,
    orders: orders ? [...orders] : null,
  }
}

function faultOf({ code, message, hint }: BhorError, missing: readonly Part[]): PortfolioFault {
  return { code, text: printable(message, 300), hint: printable(hint, 300), missing: [...missing] }
}

function ofDamagedRow({ name, error }: DamagedRow): AccountPortfolio {
  return {
    account: printable(name, 40),
    broker: '',
    kind: 'live',
    generation: 0,
    group: null,
    asOf: null,
    error: faultOf(error, portfolioParts),
    holdings: null,
    positions: null,
    funds: null,
    sums: amountsOf({ holdings: null, positions: null, funds: null }),
  }
}

/** Does it for every item, so many at a time, and gives the results in their order. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const left = items.entries()
  const worker = async () => {
    for (const [at, item] of left) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}
