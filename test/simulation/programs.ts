import type { RefusalReport, ReportView } from '../../src/contracts/api.ts'
import type { Desk } from '../../src/session/desk.ts'
import type { Asked } from './answer-watch.ts'
import type { Chance } from './chance.ts'
import type { Household } from './households.ts'
import { operator, type People } from './people.ts'
import { Unreachable } from './process.ts'
import { holds } from './violation.ts'
import type { SimulatedWorld } from './world.ts'

export interface Key {
  readonly id: string
  readonly text: string
  readonly accounts: readonly string[] | undefined
}

/** The programs of a world: they ask for tokens by their keys, and remember what they have seen. */
export class Programs {
  readonly #world: SimulatedWorld
  readonly #people: People
  readonly #chance: Chance
  readonly #keys: Key[]
  /** The highest generation that a program has seen, by key and account. */
  readonly #seen = new Map<string, number>()

  constructor(world: SimulatedWorld, people: People, keys: readonly Key[]) {
    this.#world = world
    this.#people = people
    this.#keys = [...keys]
    this.#chance = world.chance.fork('programs')
  }
  async replaceKey(): Promise<void> {
    const at = this.#chance.between(0, this.#keys.length - 1)
    const key = this.#keys[at]
    if (!key) return
    const revoked = await this.#people.ask('a key is revoked', (desk) => desk.keys.revoke(operator, key.id))
    if (!revoked) return
    // Somebody has not heard of it yet.
    const alias = key.accounts?.[0] ?? this.#world.households[0]!.alias
    await this.#useRevoked(key, alias)
    this.#keys.splice(at, 1)
    const made = await this.#people.newKey(key.accounts)
    if (made) this.#keys.push(made)
  }
  async #useRevoked(key: Key, alias: string): Promise<void> {
    const handOut = await this.#people
      .process()
      .ask(`a revoked key asks for ${alias}`, (desk) => tokenFor(desk, key, alias))
      .catch(() => undefined)
    this.#world.guarded(() =>
      holds(handOut === undefined, () => `I3 the revoked key ${key.id} was given a token`),
    )
  }

  /** One program asks once. */
  async ask(household: Household): Promise<void> {
    const { alias } = household
    const fitting = this.#keys.filter(({ accounts }) => !accounts || accounts.includes(alias))
    if (fitting.length === 0) return
    const key = this.#chance.pick(fitting)
    const { answers, timeline } = this.#world
    const process = this.#people.process()
    const accountId = this.#accountId(alias)
    const which = `${key.id} ${accountId}`
    const seenBefore = this.#seen.get(which) ?? 0
    const asked: Asked = {
      process,
      alias,
      keyId: key.id,
      atMs: timeline.nowMs,
      session: answers.sessionOf(alias),
    }
    try {
      const { generation } = await process.ask(`a program asks for ${alias}`, async (desk) => {
        const body = await tokenFor(desk, key, alias).catch((error: unknown) => {
          this.#refused(asked, key, error)
          throw error
        })
        return this.#world.guarded(() => answers.released(asked, body))
      })
      this.#world.guarded(() => {
        answers.took(asked)
        holds(
          accountId !== this.#accountId(alias) || generation >= seenBefore,
          () => `I3 a program saw generation ${seenBefore} of ${alias}, and now ${generation}`,
        )
      })
      this.#seen.set(which, Math.max(generation, this.#seen.get(which) ?? 0))
      if (this.#chance.happens(0.5)) void this.#use(household, key, generation)
    } catch (error) {
      if (!(error instanceof Unreachable))
        timeline.note(`${alias} is refused: ${(error as { code?: string }).code}`)
    }
  }
  /** It works with the token for a while, and reports when the broker refuses it; some report what is no refusal of that. */
  async #use({ alias, broker }: Household, key: Key, generation: number): Promise<void> {
    const { timeline, brokers, store } = this.#world
    await timeline.sleep(this.#chance.between(0, 3 * 3_600_000), `a program works with ${alias}`)
    const accountId = this.#accountId(alias)
    const used = [...store.sessions.values()].find(
      (session) => session.accountId === accountId && session.generation === generation,
    )
    if (!used) return
    const { token } = used.issued
    const why = brokers.isAlive(token)
      ? this.#chance.pick(['none', 'none', 'dead_token', 'rate_limited', 'unavailable'] as const)
      : 'dead_token'
    if (why === 'none') return
    const { status, body } = brokers.get(broker).module.refuse(why, {})
    const view = await this.#report(alias, key, { generation, status, body })
    if (!view) return
    const latest = store.latest.get(accountId!)
    const isLive = latest?.id === used.id && latest.status === 'active' && brokers.isAlive(token)
    this.#world.guarded(() =>
      holds(
        view.state !== 'dead' || !isLive,
        () => `I8 ${alias} generation ${generation} lives, and a report of ${why} was answered ${view.state}`,
      ),
    )
  }
  async #report(alias: string, key: Key, report: RefusalReport): Promise<ReportView | undefined> {
    try {
      return await this.#people.process().ask(`a program reports ${alias}`, async (desk) => {
        const principal = desk.keys.known(key.text) ?? (await desk.keys.authenticate(key.text))
        return desk.sessions.report(principal, alias, report)
      })
    } catch (error) {
      if (error instanceof Unreachable) return undefined
      this.#world.timeline.note(`the report of ${alias}: ${(error as { code?: string }).code}`)
      this.#world.guarded(() => this.#world.answers.fault(`a report of ${alias}`, error))
      return undefined
    }
  }
  #refused(asked: Asked, key: Key, error: unknown): void {
    // A key that somebody revokes at this very moment.
    if ((error as { code?: string }).code === 'key_invalid') {
      this.#world.guarded(() => {
        holds(
          this.#world.store.revokedKeys.has(key.id),
          () => `I8 the key ${key.id} is valid, and was refused`,
        )
      })
    } else this.#world.guarded(() => this.#world.answers.refused(asked, error))
  }
  #accountId(alias: string): string | undefined {
    for (const account of this.#world.store.accounts.values()) if (account.alias === alias) return account.id
    return undefined
  }
}

async function tokenFor(desk: Desk, key: Key, alias: string): Promise<string> {
  const principal = desk.keys.known(key.text) ?? (await desk.keys.authenticate(key.text))
  return (await desk.sessions.handOut(principal, alias)).reveal()
}
