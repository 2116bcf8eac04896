import type { SealView, SetSeal } from '../../contracts/api.ts'
import type { HouseRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { iso, isoOrNull } from '../../core/instant.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkText } from '../ground/fields.ts'
import { type Principal, requireOperator, requireRight } from '../ground/rights.ts'
import { theHouseOf } from './first-look.ts'
import { houseOf, stampedHouse } from './house.ts'
import { counting, pauseAfter } from './pause.ts'
import { houseState, sealWords } from './seal.ts'

const longestReason = 200

/** The panic button: nothing leaves any more until the user who runs bhor unseals it at the socket. */
export class House {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** @throws BhorError `scope_missing` */
  async sealed(principal: Principal): Promise<SealView> {
    requireRight(principal, 'status', 'house')
    return this.#view(await theHouseOf(this.#context))
  }

  /**
   * Seals. It always works, also over a row that cannot be believed: then trading is stopped as well, because nobody
   * knows whether it was.
   *
   * @throws BhorError `scope_missing`, `bad_field`
   */
  async seal(principal: Principal, { reason = '' }: SetSeal = {}): Promise<SealView> {
    requireRight(principal, 'seal', 'house')
    const context = this.#context
    const { actor } = principal
    const atMs = context.clock.nowMs()
    const seal = { atMs, by: actor, reason: checkText('reason', reason, longestReason) }
    const isDamaged = (await theHouseOf(context)) === 'damaged'
    await change(context, async (c) => {
      const house = isDamaged ? 'damaged' : await houseOf(context, c.reads)
      if (house !== 'damaged' && house.seal) return
      const unknown = { by: actor, atMs, reason: seal.reason, untilMs: null, withholds: true }
      const kill = house === 'damaged' ? pauseAfter(null, unknown) : house.kill
      const detail = {
        ...(seal.reason === '' ? {} : { reason: seal.reason }),
        ...(house === 'damaged' ? { damaged: true } : {}),
      }
      const tx = c.tell({ actor, action: 'house.seal', result: 'ok', detail })
      if (house === 'damaged' || !counting(house.kill, atMs))
        c.tell({ actor, action: 'gate.change', result: 'ok', detail: houseState({ kill: null, seal }) })
      await tx.house.set(stampedHouse(context, { kill, seal }))
    })
    return this.#view(await houseOf(context, context.store))
  }

  /**
   * Ends it. The kill switch and every pause stay as they are.
   *
   * @throws BhorError `scope_missing` for a key and for the page, `gate_closed` over a row that cannot be believed
   */
  async unseal(principal: Principal): Promise<SealView> {
    requireOperator(principal)
    const context = this.#context
    const { actor } = principal
    if ((await theHouseOf(context)) === 'damaged') throw unknownSwitch()
    await change(context, async (c) => {
      const house = await houseOf(context, c.reads)
      if (house === 'damaged') throw unknownSwitch()
      if (!house.seal) return
      const { atMs } = house.seal
      const tx = c.tell({ actor, action: 'house.unseal', result: 'ok', detail: { since: iso(atMs) } })
      const kill = counting(house.kill, context.clock.nowMs()) ?? null
      if (!kill)
        c.tell({ actor, action: 'gate.change', result: 'ok', detail: houseState({ kill, seal: null }) })
      await tx.house.set(stampedHouse(context, { kill: house.kill, seal: null }))
      // What has waited for this waits no longer.
      for (const { accountId } of (await c.reads.mirrors.list()).records)
        await c.retryFrom(accountId, 'mirror', 0)
    })
    return this.#view(await houseOf(context, context.store))
  }

  #view(house: HouseRecord | 'damaged'): SealView {
    if (house === 'damaged') return { sealed: true, since: null, by: null, text: unknownSwitch().message }
    const { seal } = house
    if (!seal) return { sealed: false, since: null, by: null, text: 'bhor is not sealed.' }
    const { kind, id } = seal.by
    return {
      sealed: true,
      since: isoOrNull(seal.atMs),
      by: id === '' ? kind : `${kind}:${id}`,
      text: `bhor is sealed${sealWords(seal)}`,
    }
  }
}

function unknownSwitch(): BhorError {
  const text = 'The row of seal and kill switch is damaged or missing: nobody knows whether bhor was sealed.'
  const hint = 'Say first whether trading is stopped: bhor kill --undo, or bhor kill.'
  return new BhorError('gate_closed', text, { hint, facts: { reason: 'switch_damaged' } })
}
