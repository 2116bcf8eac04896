import type { AccountGate, GateView, SetGate, SetHouseGate } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/audit.ts'
import type { AccountRecord, Pause } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import { type Change, change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended } from '../ground/records.ts'
import { type Principal, requireFresh, requireOperator, requireRight } from '../ground/rights.ts'
import { theHouseOf } from './first-look.ts'
import { houseOf, stampedHouse } from './house.ts'
import { counting, isUnchanged, type PauseWish, pauseAfter } from './pause.ts'
import { houseState, sealOfDamaged } from './seal.ts'
import { gateView, houseView } from './view.ts'
import { checkWish } from './wish.ts'

const opensNothingElse = (command: string) =>
  `A person does it: ${command}, or the page. A key needs the right "admin" for it.`

/** May this account trade now? And whoever says that it may not. */
export class Gates {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** @throws BhorError `account_not_found`, `scope_missing`, `store_damaged` */
  async get(principal: Principal, alias: string): Promise<AccountGate> {
    return this.#view(await accountFor(this.#context, principal, 'status', alias))
  }

  /** The pause of an account, as it counts now. @throws BhorError `account_not_found`, `scope_missing`, `store_damaged` */
  async pauseOf(principal: Principal, alias: string): Promise<Pause | undefined> {
    const { pause } = await accountFor(this.#context, principal, 'status', alias)
    return counting(pause, this.#context.clock.nowMs())
  }

  /**
   * Pauses an account, or lifts its pause and no other cause.
   *
   * @param shown the pause that is lifted, for whoever has seen it a while ago: another one stays
   * @throws BhorError `bad_field`, `account_not_found`, `scope_missing`, `stop_changed`
   */
  async set(principal: Principal, alias: string, input: SetGate, shown?: Pause): Promise<AccountGate> {
    const context = this.#context
    const isPausing = input.state === 'closed'
    const wish = checkWish(context, principal, input)
    const account = await change(context, async (c) => {
      const hint = opensNothingElse(`bhor resume ${alias}`)
      const right = isPausing ? 'pause' : 'resume'
      const before = await accountFor(context, principal, right, alias, c.reads, hint)
      if (!isPausing) requireFresh(context, principal, 'gate.open')
      const pause = isPausing ? pauseAfter(before.pause, wish) : null
      const counted = counting(before.pause, wish.atMs)
      if (!pause && !counted) return before
      if (shown) refuseChanged(counted, shown)
      const after = amended(context.vault, 'accounts', before, { pause })
      const action: AuditAction = isPausing ? 'gate.pause' : 'gate.resume'
      const detail = detailOf(pause ?? wish)
      const tx = c.tell({ actor: principal.actor, action, result: 'ok', account: after, detail })
      await tx.accounts.update(after, before.generation)
      return after
    })
    return this.#view(account)
  }

  /** The gate of the house: the kill switch and bhor's own health. @throws BhorError `scope_missing` */
  async ofHouse(principal: Principal): Promise<GateView> {
    requireRight(principal, 'status', 'house')
    return houseView(this.#context, await theHouseOf(this.#context))
  }

  /** The kill switch, as it counts now; undefined also where its row cannot be believed. @throws BhorError `scope_missing` */
  async killOf(principal: Principal): Promise<Pause | undefined> {
    requireRight(principal, 'status', 'house')
    const house = await theHouseOf(this.#context)
    return house === 'damaged' ? undefined : counting(house.kill, this.#context.clock.nowMs())
  }

  /**
   * Stops trading for all accounts, or lifts that. A row that cannot be believed is written anew, by the operator.
   *
   * @param shown the stop that is lifted, for whoever has seen it a while ago: another one stays
   * @throws BhorError `bad_field`, `scope_missing`, `stop_changed`
   */
  async setHouse(principal: Principal, input: SetHouseGate, shown?: Pause): Promise<GateView> {
    const context = this.#context
    const isKilling = input.state === 'closed'
    const hint = opensNothingElse('bhor kill --undo')
    requireRight(principal, isKilling ? 'pause' : 'resume', 'house', hint)
    if (!isKilling) requireFresh(context, principal, 'gate.open')
    const wish = { ...checkWish(context, principal, input), withholds: isKilling }
    // Outside of the transaction: a row that the schema made gets its MAC first, if it may count.
    const isDamaged = (await theHouseOf(context)) === 'damaged'
    await change(context, (c) => this.#setKill(principal, c, wish, { isKilling, isDamaged, shown }))
    return houseView(context, await houseOf(context, context.store))
  }

  async #setKill(
    { actor, ...principal }: Principal,
    c: Change,
    wish: PauseWish,
    { isKilling, isDamaged, shown }: { isKilling: boolean; isDamaged: boolean; shown: Pause | undefined },
  ): Promise<void> {
    const context = this.#context
    const house = isDamaged ? 'damaged' : await houseOf(context, c.reads)
    const stored = house === 'damaged' ? null : house.kill
    const counted = counting(stored, wish.atMs)
    const isKilled = counted !== undefined
    const kill = isKilling ? pauseAfter(stored, wish) : null
    // Stopping always works. That a damaged switch is lifted, somebody decides who has looked; and whether bhor was
    // sealed stood in the same row, so that it takes whoever may unseal.
    if (house === 'damaged' && !kill) requireOperator({ actor, ...principal })
    const seal = house === 'damaged' ? sealOfDamaged(kill, wish.atMs) : house.seal
    if (house !== 'damaged' && !kill && !isKilled) return
    if (shown) refuseChanged(counted, shown)
    const detail = { ...detailOf(kill ?? wish), ...(house === 'damaged' ? { damaged: true } : {}) }
    const tx = c.tell({ actor, action: kill ? 'gate.kill' : 'gate.unkill', result: 'ok', detail })
    if (house === 'damaged' || isKilled !== isKilling) {
      c.tell({ actor, action: 'gate.change', result: 'ok', detail: houseState({ kill, seal }) })
    }
    await tx.house.set(stampedHouse(context, { kill, seal }))
  }

  async #view(account: AccountRecord): Promise<AccountGate> {
    const { alias, broker, kind, generation } = account
    return { account: alias, broker, kind, generation, ...(await gateView(this.#context, account)) }
  }
}

function refuseChanged(pause: Pause | undefined, shown: Pause): void {
  if (pause && isUnchanged(pause, shown)) return
  throw new BhorError('stop_changed', 'Somebody has stopped trading again since you were asked; that stands.')
}

function detailOf({ reason, untilMs, withholds }: Pick<Pause, 'reason' | 'untilMs' | 'withholds'>) {
  return {
    ...(reason === '' ? {} : { reason }),
    ...(untilMs === null ? {} : { until: iso(untilMs) }),
    ...(withholds ? { withholds } : {}),
  }
}
