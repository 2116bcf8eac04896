import type { AccountView, TestResult } from '../../contracts/api.ts'
import type { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { accountView } from '../accounts/view.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Principal } from '../ground/rights.ts'
import { HandOuts, type HandOutWish } from '../handout/handout.ts'
import { settleDoubts } from './doubts.ts'
import { logout } from './logout.ts'
import { Probes } from './probe.ts'
import { Renewals } from './renewal.ts'

/** The sessions of this store's accounts: handing out, testing, renewing, ending. */
export class Sessions {
  readonly #context: SessionContext
  readonly #handOuts: HandOuts
  readonly #renewals: Renewals
  readonly #probes: Probes

  constructor(context: SessionContext) {
    this.#context = context
    this.#probes = new Probes(context)
    this.#handOuts = new HandOuts(context, this.#probes)
    this.#renewals = new Renewals(context)
  }

  /** The session as JSON text of a `HandOut`; see {@link HandOuts.handOut}. */
  handOut(principal: Principal, alias: string, wish: HandOutWish = {}): Promise<Secret> {
    return this.#handOuts.handOut(principal, alias, wish)
  }
  /** See {@link Probes.test}. */
  test(principal: Principal, alias: string): Promise<TestResult> {
    return this.#probes.test(principal, alias)
  }
  /** See {@link Renewals.renew}. */
  async renew(principal: Principal, alias: string): Promise<AccountView> {
    return accountView(this.#context, (await this.#renewals.renew(principal, alias)).account)
  }
  /** See {@link logout}. */
  async logout(principal: Principal, alias: string): Promise<AccountView> {
    await logout(this.#context, principal, alias)
    return accountView(this.#context, await accountFor(this.#context, principal, 'login', alias))
  }
  /** See {@link settleDoubts}. */
  settleDoubts(isStopped: () => boolean): Promise<void> {
    return settleDoubts(this.#context, this.#probes, isStopped)
  }
}
