import type { IntentRecord } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'

/** An exchange or renewal whose end could not be written yet. */
interface Unsettled {
  readonly accountId: string
  settle(): Promise<void>
}

/**
 * The exchanges and renewals of this process that are under way, and those of which the store does not yet know how
 * they ended: a full disk or a lost connection must not leave a dead token in use.
 */
export class Flights {
  readonly #clock: Clock
  readonly #running = new Map<string, { readonly intent: IntentRecord; readonly done: Promise<unknown> }>()
  readonly #unsettled = new Map<string, Unsettled>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs what belongs to an intent that is durable. */
  async run<T>({ intent }: { readonly intent: IntentRecord }, work: () => Promise<T>): Promise<T> {
    const done = work()
    this.#running.set(intent.id, { intent, done })
    try {
      return await done
    } finally {
      this.#running.delete(intent.id)
    }
  }

  /** Writes how a flight ended: now, or as soon as the store takes it. `settle` is safe to repeat. */
  async settle({ id, accountId }: IntentRecord, settle: () => Promise<void>): Promise<void> {
    this.#unsettled.set(id, { accountId, settle })
    await this.#try(id)
  }
  /** Tries again what could not be written; of one account when named. */
  async retry(accountId?: string): Promise<void> {
    for (const [id, flight] of [...this.#unsettled]) {
      if (accountId === undefined || flight.accountId === accountId) await this.#try(id)
    }
  }
  /** Whether it is open how a flight of this account ended. */
  isOpen(accountId: string): boolean {
    return [...this.#unsettled.values()].some((flight) => flight.accountId === accountId)
  }

  /** Waits for what is under way; gives what is still there after `withinMs`, so that it can be told as lost. */
  async end(withinMs: number): Promise<readonly IntentRecord[]> {
    const all = Promise.allSettled([...this.#running.values()].map(({ done }) => done))
    const limit = new AbortController()
    const late = this.#clock.sleep(withinMs, limit.signal).catch(() => undefined)
    await Promise.race([all, late])
    limit.abort()
    await this.retry()
    return [...this.#running.values()].map(({ intent }) => intent)
  }

  async #try(id: string): Promise<void> {
    try {
      await this.#unsettled.get(id)?.settle()
      this.#unsettled.delete(id)
    } catch (error) {
      if (!isBhorError(error)) throw error
    }
  }
}
