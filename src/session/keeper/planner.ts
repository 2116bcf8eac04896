import { createHash } from 'node:crypto'
import type { Broker } from '../../contracts/broker.ts'
import type { AccountRecord, SessionRecord, StoreReads, StoreTransaction } from '../../contracts/store.ts'
import { neverMs } from '../../contracts/work.ts'
import { isBhorError } from '../../core/errors.ts'
import { dueOf } from './due.ts'

/** Rises when there is more to plan for than the releases before knew: then every account is planned anew. */
const planVersion = '1'

/**
 * Keeps what is due in step with what is stored: after every change the accounts that it tells of are planned anew, in
 * the same commit.
 */
export class Planner {
  readonly versionName = 'keeper.planned_by'
  readonly version = planVersion
  readonly #broker: (id: string) => Promise<Broker>

  constructor(broker: (id: string) => Promise<Broker>) {
    this.#broker = broker
  }

  async replan(tx: StoreTransaction, accountIds: Iterable<string>): Promise<void> {
    for (const id of accountIds) await this.#replanOne(tx, id)
  }

  /** Whether what an ended session left behind will be used to renew it, and that was not given up. */
  async willRenew(reads: StoreReads, account: AccountRecord, session: SessionRecord): Promise<boolean> {
    // An adapter that is not there any more renews nothing.
    const broker = await this.#broker(account.broker).catch(() => undefined)
    if (!broker) return false
    const nothing = { intent: undefined, mirrors: [], gateChangesAtMs: null, spread: 0 }
    const due = dueOf({ broker, account, session, ...nothing })
    const isGivenUp = (await reads.work.of(account.id)).some(
      ({ kind, generation, notBeforeMs }) =>
        kind === 'renewal' && generation === session.generation && notBeforeMs === neverMs,
    )
    return due.has('renewal') && !isGivenUp
  }

  async #replanOne(tx: StoreTransaction, id: string): Promise<void> {
    try {
      const account = await tx.accounts.byId(id)
      if (!account) return
      const broker = await this.#broker(account.broker)
      const session = await tx.sessions.latest(id)
      const intent = (await tx.intents.open()).records.find(({ accountId }) => accountId === id)
      const { records: mirrors } = await tx.mirrors.ofAccount(id)
      const gateChangesAtMs = (await tx.gates.of(id))?.changesAtMs ?? null
      const spread = spreadOf(id)
      const due = dueOf({ broker, account, session, intent, mirrors, gateChangesAtMs, spread })
      await tx.work.plan(id, account.generation, due)
    } catch (error) {
      // A damaged row says so to whoever uses that account; an adapter can be missing. The change itself is sound.
      if (isBhorError(error, 'store_damaged') || isBhorError(error, 'broker_not_found')) return
      throw error
    }
  }
}

function spreadOf(accountId: string): number {
  return createHash('sha256').update(accountId).digest().readUInt32BE() / 2 ** 32
}
