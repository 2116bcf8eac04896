import type { AccountView, Compromised, RefusalReport, ReportView, TestResult } from '../../contracts/api.ts'
import type { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { accountView } from '../accounts/view.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Principal } from '../ground/rights.ts'
import { HandOuts, type HandOutWish } from '../handout/handout.ts'
import { giveUpSession } from '../hygiene/compromised.ts'
import type { Means } from '../keeper/deeds.ts'
import { logout } from './logout.ts'
import type { Probes } from './probe.ts'
import type { Renewals } from './renewal.ts'
import type { Reports } from './report.ts'

/** The sessions of this store's accounts: handing out, testing, renewing, ending. */
export class Sessions {
  readonly #context: SessionContext
  readonly #handOuts: HandOuts
  readonly #probes: Probes
  readonly #renewals: Renewals
  readonly #reports: Reports

  constructor(context: SessionContext, { probes, renewals }: Means, reports: Reports) {
    this.#context = context
    this.#probes = probes
    this.#renewals = renewals
    this.#handOuts = new HandOuts(context, probes)
    this.#reports = reports
  }

  /** The session as JSON text of a `HandOut`; see {@link HandOuts.handOut}. */
  handOut(principal: Principal, alias: string, wish: HandOutWish = {}): Promise<Secret> {
    return this.#handOuts.handOut(principal, alias, wish)
  }
  /** See {@link Probes.test}. */
  test(principal: Principal, alias: string): Promise<TestResult> {
    return this.#probes.test(principal, alias)
  }
  /** See {@link Reports.report}. */
  report(principal: Principal, alias: string, report: RefusalReport): Promise<ReportView> {
    return this.#reports.report(principal, alias, report)
  }
  /** See {@link Renewals.renew}. */
  async renew(principal: Principal, alias: string): Promise<AccountView> {
    return accountView(this.#context, (await this.#renewals.renew(principal, alias)).account)
  }
  /** See {@link logout}. */
  async logout(principal: Principal, alias: string): Promise<AccountView> {
    const account = await accountFor(this.#context, principal, 'login', alias)
    await this.#context.rateLimits.spend(principal, 'logout', account)
    await logout(this.#context, principal, alias)
    return accountView(this.#context, await accountFor(this.#context, principal, 'login', alias))
  }
  /** See {@link giveUpSession}. */
  async giveUp(principal: Principal, alias: string): Promise<Compromised> {
    const account = await accountFor(this.#context, principal, 'admin', alias)
    await this.#context.rateLimits.spend(principal, 'logout', account)
    return giveUpSession(this.#context, principal, alias)
  }
}
