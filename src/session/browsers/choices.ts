import type { PageChoices } from '../../contracts/api.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Principal } from '../ground/rights.ts'
import { requirePerson } from '../ground/rights.ts'

const metaName = 'page.choices'

/**
 * How the page is wanted. A browser cannot keep it: each sign-in has an origin of its own, and what is stored there goes
 * with it. No secret, and nothing that bhor itself acts on, so no record of the audit tells of it.
 */
export class Choices {
  readonly #context: Pick<SessionContext, 'store'>

  constructor(context: Pick<SessionContext, 'store'>) {
    this.#context = context
  }

  async get(principal: Principal): Promise<PageChoices> {
    requirePerson(principal)
    return JSON.parse((await this.#context.store.meta.get(metaName)) ?? '{}') as PageChoices
  }

  async set(principal: Principal, choices: PageChoices): Promise<void> {
    requirePerson(principal)
    await this.#context.store.transaction((tx) => tx.meta.set(metaName, JSON.stringify(choices)))
  }
}
