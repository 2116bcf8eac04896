import type { ChoosePage, PageChoices } from '../../contracts/api.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Principal, requirePerson } from '../ground/rights.ts'

const metaName = 'page.choices'

/**
 * How the page is wanted. A browser cannot keep it: each sign-in has an origin of its own, and what is stored there goes
 * with it. No secret, and nothing that bhor itself acts on.
 */
export class Choices {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  async get(principal: Principal): Promise<PageChoices> {
    requirePerson(principal)
    return JSON.parse((await this.#context.store.meta.get(metaName)) ?? '{}') as PageChoices
  }

  /** What another browser has chosen meanwhile stays. */
  async choose(principal: Principal, choices: ChoosePage): Promise<void> {
    requirePerson(principal)
    const { actor } = principal
    const detail = { choices: Object.keys(choices).toSorted().join(',') }
    await change(this.#context, async (c) => {
      const before = JSON.parse((await c.reads.meta.get(metaName)) ?? '{}') as PageChoices
      const now = Object.entries({ ...before, ...choices }).filter(([, value]) => value !== null)
      const tx = c.tell({ actor, action: 'desk.choose', result: 'ok', detail })
      await tx.meta.set(metaName, JSON.stringify(Object.fromEntries(now)))
    })
  }
}
